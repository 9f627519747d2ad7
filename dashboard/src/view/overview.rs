//! The numbers of the chosen property and period.

use browser::{Failed, Failure};
use leptos::prelude::*;
use leptos::task::spawn_local;
use shared::visits::{LinkCount, PropertyCount, Summary};
use time::Date;

use super::controls::{Choice, Controls};
use super::days::Days;
use super::download::Download;
use super::figures::{Figures, skipped};
use super::hours::hours;
use super::latest::Latest;
use super::links::Links;
use super::ranking::{Row, ranking};
use super::section::{nothing, section};
use super::{home_property, today};
use crate::api::{self, Query};
use crate::chart::Chart;
use crate::period::{Period, parse_day};
use crate::session::Session;
use crate::sources::{AS_OF, Kind};
use crate::words;

/// The name for the sum of properties and places that have no row of their own.
const OTHERS: &str = "other";

/// The page's other form, which is downloaded.
const PDF: &str = "resume.pdf";

/// The numbers that are shown for a choice.
#[derive(Clone, Debug)]
struct Report {
    choice: Choice,
    query: Query,
    summary: Summary,
    chart: Chart,
    properties: Vec<Row>,
    hits: Option<u64>,
    /// Visits and uniques of as many days before.
    before: Option<(u64, u64)>,
    /// Downloads of the PDF by link.
    downloads: Vec<LinkCount>,
}

/// The progress of loading them.
#[derive(Clone, Debug)]
enum Progress {
    Loading,
    Shown,
    Failed(Failure),
}

/// Everything the owner sees once the token is known.
#[component]
pub(crate) fn Overview(
    /// The session whose token is sent.
    session: Session,
) -> impl IntoView {
    let home = home_property();
    let choice = RwSignal::new(Choice {
        property: home.clone(),
        period: Period::Month,
    });
    let properties = RwSignal::new(vec![home.clone()]);
    let report = RwSignal::new(None::<Report>);
    let progress = RwSignal::new(Progress::Loading);
    let round = RwSignal::new(0_u32);
    // True once something was shown: from then on the choice is the owner's.
    let settled = StoredValue::new(false);

    Effect::new(move |_| {
        let wanted = choice.get();
        let this_round = round.get();
        progress.set(Progress::Loading);
        let home = home.clone();
        spawn_local(async move {
            let loaded = load(session, wanted.clone()).await;
            // Drops the answer to a question that is no longer asked.
            if choice.try_get_untracked() != Some(wanted)
                || round.try_get_untracked() != Some(this_round)
            {
                return;
            }
            match loaded {
                Ok(loaded) => {
                    properties.update(|known| add_properties(known, &loaded.summary));
                    let busiest = busiest_instead(&home, &loaded);
                    match busiest.filter(|_| !settled.get_value()) {
                        Some(property) => choice.update(|choice| choice.property = property),
                        None => {
                            settled.set_value(true);
                            report.set(Some(loaded));
                            progress.set(Progress::Shown);
                        }
                    }
                }
                Err(failure) => {
                    report.set(None);
                    progress.set(Progress::Failed(failure));
                }
            }
        });
    });

    let again = move || round.update(|round| *round += 1);
    view! {
        <Controls session choice properties again />
        <p class="unseen" role="status">{move || said(&progress.get(), report)}</p>
        {move || match progress.get() {
            Progress::Failed(failure) => Some(view! { <Failed failure again /> }),
            _ => None,
        }}
        <div class="report" aria-busy=move || matches!(progress.get(), Progress::Loading).to_string()>
            {move || match report.get() {
                Some(report) => view! { <Sections session report again /> }.into_any(),
                None if matches!(progress.get(), Progress::Loading) => {
                    view! { <p class="loading">"Loading the visits…"</p> }.into_any()
                }
                None => ().into_any(),
            }}
        </div>
    }
}

/// Loads the numbers. Only the counter's may be missing.
async fn load(session: Session, choice: Choice) -> Result<Report, Failure> {
    let mut today = today();
    let (query, summary) = loop {
        let query = Query::of(&choice.property, &choice.period.to_query(today));
        let summary = api::summary(session, &query).await?;
        // It is another day where the owner's clocks are.
        match parse_day(&summary.today).filter(|there| *there != today) {
            Some(there) => today = there,
            None => break (query, summary),
        }
    };
    let hits = api::hits(session, &choice.property).await.ok();
    let of = async |property: &str, days: &str| {
        let query = Query::of(property, days);
        api::summary(session, &query).await.ok()
    };
    let before = match choice.period.to_query_before(today) {
        Some(days) => of(&choice.property, &days).await,
        None => None,
    };
    let downloads = match choice.property.rsplit_once('/') {
        Some((folder, _)) if !summary.links.is_empty() => {
            of(&format!("{folder}/{PDF}"), &choice.period.to_query(today)).await
        }
        _ => None,
    };
    let first = choice.period.first_day(today);
    let chart = Chart::of(&summary.days, first, today);
    let properties = charts(&summary.properties, first, today);
    Ok(Report {
        choice,
        query,
        summary,
        chart,
        properties,
        hits,
        before: before.map(|before| (before.visits, before.uniques)),
        downloads: downloads.map_or_else(Vec::new, |downloads| downloads.links),
    })
}

/// The properties with their visits per day, all from one day on.
fn charts(properties: &[PropertyCount], first: Option<Date>, today: Date) -> Vec<Row> {
    let days = properties.iter().flat_map(|one| &one.days);
    let first = first.or_else(|| parse_day(days.map(|day| &day.date).min()?));
    let row = |one: &PropertyCount| Row {
        name: one.property_id.clone(),
        visits: one.visits,
        chart: (!one.days.is_empty()).then(|| Chart::of_visits(&one.days, first, today)),
    };
    properties.iter().map(row).collect()
}

/// The property to look at first, if nobody has visited the page beside this
/// one: that page may be counted under another name.
fn busiest_instead(home: &str, report: &Report) -> Option<String> {
    let summary = &report.summary;
    let is_listed = |name: &str| summary.properties.iter().any(|one| one.property_id == name);
    if summary.visits > 0 || is_listed(home) {
        return None;
    }
    let busiest = summary
        .properties
        .iter()
        .find(|one| one.property_id != OTHERS)?;
    Some(busiest.property_id.clone())
}

fn add_properties(known: &mut Vec<String>, summary: &Summary) {
    for property in &summary.properties {
        let name = &property.property_id;
        if name != OTHERS && !known.contains(name) {
            known.push(name.clone());
        }
    }
}

/// The words of a screen reader when the numbers change.
fn said(progress: &Progress, report: RwSignal<Option<Report>>) -> String {
    match progress {
        Progress::Loading => "Loading".to_owned(),
        Progress::Failed(_) => String::new(),
        Progress::Shown => report.with(|report| {
            report.as_ref().map_or_else(String::new, |report| {
                let visits = words::count(report.summary.visits, "visit", "visits");
                format!(
                    "{}, {}: {visits}",
                    report.choice.property,
                    report.choice.period.label()
                )
            })
        }),
    }
}

/// Visits by the kind of what led to them. The kinds are those of names, so that one
/// that a day had no room for is another site's.
fn by_kind(summary: &Summary) -> Vec<Row> {
    if summary.sources.is_empty() {
        return Vec::new();
    }
    let known: u64 = summary.sources.iter().map(|one| one.visits).sum();
    let direct = (
        "Direct, or not said".to_owned(),
        summary.visits.saturating_sub(known),
    );
    let kinds = [Kind::Search, Kind::Social, Kind::Assistant, Kind::Other];
    let of_kind = |kind: Kind| {
        let sources = summary.sources.iter();
        let sources = sources.filter(|one| Kind::of(&one.source) == kind);
        (kind.label().to_owned(), sources.map(|one| one.visits).sum())
    };
    let rows = kinds.into_iter().map(of_kind).chain([direct]);
    rows.filter(|row| row.1 > 0).map(Row::from).collect()
}

/// The numbers, from the sums to the single visits.
#[component]
fn Sections(
    /// The session whose token is sent.
    session: Session,
    /// The numbers to show.
    report: Report,
    /// Loads the numbers anew.
    again: impl Fn() + Copy + Send + 'static,
) -> impl IntoView {
    let Report {
        choice,
        query,
        summary,
        chart,
        properties,
        hits,
        before,
        downloads,
    } = report;
    let kinds = by_kind(&summary);
    let zone = summary.time_zone;
    let sources: Vec<_> = summary
        .sources
        .into_iter()
        .map(|one| Row::from((one.source, one.visits)))
        .collect();
    let places: Vec<_> = summary
        .places
        .into_iter()
        .map(|one| Row::from((one.place, one.visits)))
        .collect();
    let any = summary.visits > 0;
    let never = !any && choice.period == Period::All;
    let per_day = if any {
        view! { <Days chart zone=zone.clone() /> }.into_any()
    } else if never {
        nothing(
            "No visit has been recorded yet. Open the page in a browser whose visits are counted, and come back.",
        )
    } else {
        nothing("No visits in this period.")
    };
    let note = format!("The lists of search engines, networks and assistants are from {AS_OF}.");
    let page = choice.property.clone();
    view! {
        <Figures hits visits=summary.visits uniques=summary.uniques before />
        {section("days", "Per day", per_day)}
        <Links session property=page links=summary.links downloads again />
        {ranking("kinds", "What led here", "Kind", kinds, Some(note))}
        {ranking("sources", "Sources", "Source", sources, None)}
        {hours(summary.hours, &zone)}
        {ranking("properties", "Properties", "Property", properties, None)}
        {ranking("places", "Places", "Place", places, None)}
        {skipped(summary.skipped)}
        {any.then(|| view! {
            <Latest session query=query.clone() zone />
            <Download session query choice=(choice.property, choice.period) total=summary.visits />
        })}
    }
}
