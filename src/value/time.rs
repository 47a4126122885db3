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
