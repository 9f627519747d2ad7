//! The limits of DynamoDB's numbers:
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html>.
//! Numbers beyond them are refused here, as rounding them would be a guess.

use std::borrow::Cow;
use std::ops::RangeInclusive;

const MAX_DIGITS: usize = 38;
const EXPONENTS: RangeInclusive<i64> = -130..=125;
/// The longest number that stays as it is: a sign, a point, as many digits as are kept,
/// and some zeros.
const MAX_PLAIN_CHARS: usize = 48;

/// The limit that a number breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NumberError {
    #[error("has {0} significant digits, and at most 38 are kept")]
    Digits(usize),
    #[error("is too large or too small: from 1e-130 up to 9.9e125 are kept")]
    Magnitude,
}

/// Returns a JSON `number` in a form that DynamoDB takes. Usually that is the
/// number as it is; long zeros and large exponents are shortened, as its parser
/// is not tried on them.
///
/// # Errors
/// The first limit that it breaks.
pub(crate) fn checked(number: &str) -> Result<Cow<'_, str>, NumberError> {
    let unsigned = number.trim_start_matches('-');
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let significant = digits.trim_start_matches('0');
    let zeros = (digits.len() - significant.len()) as i64;
    let significant = significant.trim_end_matches('0');
    let length = significant.len() as i64;
    if length == 0 {
        return Ok("0".into());
    }
    if significant.len() > MAX_DIGITS {
        return Err(NumberError::Digits(significant.len()));
    }
    // The power of ten of the first significant digit.
    let first = exponent
        .parse::<i64>()
        .ok()
        .and_then(|exponent| exponent.checked_add(whole.len() as i64 - zeros - 1))
        .filter(|first| EXPONENTS.contains(first))
        .ok_or(NumberError::Magnitude)?;
    if number.len() <= MAX_PLAIN_CHARS && mantissa == unsigned {
        return Ok(number.into());
    }
    let sign = &number[..number.len() - unsigned.len()];
    Ok(format!("{sign}{significant}e{}", first - length + 1).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_within_the_limits_are_left_or_written_shorter() {
        let nines = "9".repeat(38);
        let zeros = "0".repeat(2000);
        for (number, kept) in [
            ("0", "0"),
            ("-0.00", "0"),
            ("0e999999999999999999999", "0"),
            ("78.89", "78.89"),
            ("-1", "-1"),
            ("1.50", "1.50"),
            ("1E+2", "1e2"),
            ("-1e-130", "-1e-130"),
            ("9.9e125", "99e124"),
            ("0.001e-127", "1e-130"),
            ("100e123", "1e125"),
            (&nines, &nines),
            (&format!("-0.{nines}"), &format!("-0.{nines}")),
            (&format!("{nines}e88"), &format!("{nines}e88")),
            (&format!("12{zeros}e-2000"), "12e0"),
            (&format!("-0.{zeros}12e2000"), "-12e-2"),
        ] {
            assert_eq!(checked(number).as_deref(), Ok(kept), "{number}");
        }
    }

    #[test]
    fn numbers_beyond_the_limits_are_refused() {
        let digits = "1".repeat(39);
        for number in [
            &digits,
            &format!("-0.00{digits}e7"),
            &format!("1{}1", "0".repeat(37)),
        ] {
            assert_eq!(checked(number), Err(NumberError::Digits(39)), "{number}");
        }
        for number in [
            "1e126",
            "-1e126",
            "9e-131",
            "10e125",
            "0.1e-130",
            "1e99999999999999999999",
            "1e-99999999999999999999",
            "1e9223372036854775807",
            "1e-9223372036854775808",
        ] {
            assert_eq!(checked(number), Err(NumberError::Magnitude), "{number}");
        }
    }
}
