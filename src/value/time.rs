//! Instants in text.

/// The instant, in microseconds since 1970, of an RFC 3339 time or of a date (midnight UTC).
pub fn parse(text: &str) -> Option<i64> {
    if text.len() == 10 {
        let date: jiff::civil::Date = text.parse().ok()?;
        let midnight = date.to_datetime(jiff::civil::Time::midnight());
        return jiff::tz::Offset::UTC
            .to_timestamp(midnight)
            .ok()
            .map(jiff::Timestamp::as_microsecond);
    }
    text.parse::<jiff::Timestamp>().ok().map(jiff::Timestamp::as_microsecond)
}

/// A duration as the language writes it: `90d`, in microseconds.
pub fn parse_duration(text: &str) -> Option<i64> {
    let digits = text.find(|c: char| c.is_ascii_alphabetic())?;
    let (number, unit) = text.split_at_checked(digits)?;
    let (_, micros) = UNITS.iter().find(|(name, _)| *name == unit)?;
    number.replace('_', "").parse::<i64>().ok()?.checked_mul(*micros)
}

/// The units of durations, in microseconds.
pub const UNITS: [(&str, i64); 6] = [
    ("ms", 1_000),
    ("w", 604_800_000_000),
    ("d", 86_400_000_000),
    ("h", 3_600_000_000),
    ("m", 60_000_000),
    ("s", 1_000_000),
];
