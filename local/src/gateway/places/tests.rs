use std::net::IpAddr;

use super::*;

fn client(address: &str) -> Client {
    address.parse::<IpAddr>().unwrap().into()
}

fn taken(places: &Places, client: Client) -> Place {
    match places.enter(client) {
        Some(Entry::Now(place)) => place,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_longest_idle_connection_of_the_client_with_most_makes_room_for_another() {
    let places = Places::new(3, 3);
    let (hoarder, other, honest) = (client("10.0.0.1"), client("10.0.0.2"), client("10.0.0.3"));
    let _kept = taken(&places, other);
    let oldest = taken(&places, hoarder);
    let newest = taken(&places, hoarder);
    let newcomer = places.enter(honest).unwrap();
    oldest.activity.asked_to_leave(Leave::Now).await;
    assert_eq!(newest.activity.leave(), Leave::No);
    drop(oldest);
    assert!(newcomer.place().await.is_some());
}

#[tokio::test]
async fn a_client_that_holds_all_is_served_in_turns() {
    let places = Places::new(1, 1);
    let only = client("10.0.0.1");
    let first = taken(&places, only);
    first.activity.enter(Phase::Working);
    let second = places.enter(only).unwrap();
    // It may finish what it does, and no more.
    first.activity.asked_to_leave(Leave::AfterAnswer).await;
    assert_eq!(first.activity.leave(), Leave::AfterAnswer);
    drop(first);
    assert!(second.place().await.is_some());
}

#[tokio::test]
async fn a_place_goes_to_the_client_that_holds_fewest() {
    let places = Places::new(2, 2);
    let (hoarder, honest) = (client("10.0.0.1"), client("10.0.0.2"));
    let first = taken(&places, hoarder);
    let _second = taken(&places, hoarder);
    let another = places.enter(hoarder).unwrap();
    let newcomer = places.enter(honest).unwrap();
    drop(first);
    let place = newcomer.place().await.unwrap();
    drop(place);
    assert!(another.place().await.is_some());
}

#[test]
fn a_client_that_waits_most_loses_a_wait_to_one_that_waits_less() {
    let places = Places::new(2, 2);
    let (hoarder, honest) = (client("10.0.0.1"), client("10.0.0.2"));
    let mut table = places.lock();
    let first = table.queue(hoarder).unwrap();
    let mut second = table.queue(hoarder).unwrap();
    assert!(table.queue(hoarder).is_none());
    assert!(table.queue(honest).is_some());
    assert!(second.try_recv().is_err());
    assert!(second.is_terminated());
    assert!(!first.is_terminated());
}

#[test]
fn only_a_client_that_is_alone_is_left_in_the_systems_queue() {
    let places = Places::new(1, 1);
    let (first, second) = (client("10.0.0.1"), client("10.0.0.2"));
    let place = taken(&places, first);
    place.activity.enter(Phase::Working);
    let _waits = places.enter(first).unwrap();
    assert!(places.lock().is_rush_of(first));
    assert!(!places.lock().is_rush_of(second));
    // One who waits in vain was there, too.
    drop(places.enter(second));
    assert!(!places.lock().is_rush_of(first));
    let ample = Places::new(1, 2);
    let place = taken(&ample, first);
    place.activity.enter(Phase::Working);
    let _waits = [(); 2].map(|()| ample.enter(first).unwrap());
    assert!(!ample.lock().is_rush_of(first));
    assert!(ample.enter(first).is_none());
}
