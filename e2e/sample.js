// Believable visits and job offers for pictures: made up, and the same every time.

const PLACES = [
  'Leeds, GB', 'Bristol, GB', 'London, GB', 'Copenhagen, DK', 'Berlin, DE', 'Porto, PT', 'unknown',
  'Dublin, IE', 'New York, US', 'Toronto, CA', 'Amsterdam, NL', 'Lagos, NG',
];
const HOUR = 3_600_000;

/** What the API answers about `properties` on the days up to `today`. */
export function sampleVisits(property, today, length) {
  const random = numbers(7);
  const days = Array.from({ length }, (_, index) => {
    const time = new Date(`${today}T00:00:00Z`).getTime() - (length - 1 - index) * 24 * HOUR;
    const weekend = [0, 6].includes(new Date(time).getUTCDay());
    // A talk was given, and people came to look.
    const talk = index === length - 10 ? 64 : index === length - 9 ? 31 : 0;
    const visits = Math.round((weekend ? 3 : 11) + random() * (weekend ? 6 : 14)) + talk;
    const date = new Date(time).toISOString().slice(0, 10);
    return { date, visits, uniques: Math.ceil(visits * (0.6 + random() * 0.25)) };
  }).filter((day, index) => index !== length - 20);
  const total = sum(days, 'visits');
  const share = (part) => Math.round(total * part);
  const ofAll = (part) => days.map(({ date, visits }) => ({ date, visits: Math.ceil(visits * part) }));

  const log = Array.from({ length: 60 }, (_, index) => {
    const moment = new Date(new Date(`${today}T16:42:00Z`).getTime() - index * HOUR * (0.4 + random()));
    const place = PLACES[Math.floor(PLACES.length * random() ** 2)];
    return { id: `sample-${index}`, propertyId: property, date: moment.toISOString(), place };
  }).sort((a, b) => b.date.localeCompare(a.date));

  return {
    summary: {
      propertyId: property,
      timeZone: 'Europe/London',
      today,
      visits: total,
      uniques: sum(days, 'uniques'),
      days,
      places: PLACES.map((place, index) => ({ place, visits: share(0.34 * 0.72 ** index) || 1 })),
      sources: [
        ['linkedin.com', 0.27],
        ['google.com', 0.16],
        ['github.com', 0.09],
        ['chatgpt.com', 0.05],
        ['news.ycombinator.com', 0.03],
      ].map(([source, part]) => ({ source, visits: share(part) || 1 })),
      hours: Array.from({ length: 24 }, (_, hour) => share(0.09 * Math.exp(-(((hour - 13) / 5) ** 2)))),
      links: [
        { link: 'k7q2ab', label: 'Halcyon Freight, backend', days: days.slice(-6, -2).map(({ date }) => ({ date, visits: 2, uniques: 1 })) },
        { link: 'h3mnpt', label: 'Tidewater Maps', days: days.slice(-9, -8).map(({ date }) => ({ date, visits: 3, uniques: 2 })) },
        { link: 'w5xyz8', label: 'Quayside Energy', days: [] },
      ],
      properties: [
        { propertyId: property, visits: total, days: ofAll(1) },
        { propertyId: 'okonjo.example.com/talks/', visits: share(0.31), days: ofAll(0.31).filter((_, index) => index % 3) },
        { propertyId: 'okonjo.example.com/harbour-lights', visits: share(0.12), days: ofAll(0.12).slice(-9) },
      ],
      skipped: [
        { reason: 'automation', visits: share(0.09) },
        { reason: 'crawler', visits: share(0.21) },
        { reason: 'do-not-track', visits: share(0.04) },
        { reason: 'global-privacy-control', visits: share(0.06) },
        { reason: 'owner', visits: share(0.05) },
      ],
    },
    log,
  };
}

const OFFERS = [
  ['Embedded engineer, sonar buoys', 'Tidewater Maps', 'Leeds', 'Permanent', '5 years', 'Marine surveying', 'rust'],
  ['Backend developer', 'Halcyon Freight', 'Bristol', 'Permanent', '2 to 4 years', 'Logistics', 'rust'],
  ['Data engineer', 'Institut de la Houle', 'Lyon', 'Fixed term', '', 'Research', 'data engineer'],
  ['Site reliability engineer', 'Quayside Energy', 'Porto', 'Permanent', '3 years', 'Energy', 'aws'],
  ['Apprentice baker', 'Pain et Cie', 'Lyon', 'Apprenticeship', 'None asked', 'Food', 'boulanger'],
  ['Firmware developer', 'Aire Instruments', 'Leeds', 'Freelance', '', 'Instruments', 'rust'],
  ['Cartographer with a liking for code', 'Tidewater Maps', 'København', 'Fixed term', '1 year', 'Marine surveying', 'gis'],
  ['Platform engineer', 'Halcyon Freight', 'Bristol', 'Permanent', '5 years', 'Logistics', 'aws'],
];

/** Offers as the API lists them. */
export function sampleOffers() {
  return OFFERS.map(([title, company_name, city, contract_type, user_experience, company_sector, keyword], index) => ({
    id: `sample-${index}`,
    city,
    company_name,
    title,
    url: `https://jobs.example.com/offers/${index}`,
    contract_type,
    company_sector,
    ...(user_experience && { user_experience }),
    keyword,
    created_date: `2026-11-${20 - index}`,
    provider: 'jobs.example.com',
  }));
}

function sum(days, of) {
  return days.reduce((total, day) => total + day[of], 0);
}

// mulberry32: numbers from 0 to 1 that are the same in every run.
function numbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
