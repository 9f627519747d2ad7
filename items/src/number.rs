//! Which numbers DynamoDB keeps as they are:
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html>.
//! Others are refused here, as rounding them would be a guess.

const MAX_DIGITS: usize = 38;
const MIN_EXPONENT: i64 = -130;
const MAX_EXPONENT: i64 = 125;

/// Why DynamoDB does not keep a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NumberError {
    #[error("has {0} significant digits, and at most 38 are kept")]
    Digits(usize),
    #[error("is too large or too small: from 1e-130 up to 9.9e125 are kept")]
    Magnitude,
}

/// Checks `number`, which is written as JSON has it.
///
/// # Errors
/// The first limit that it breaks.
pub(crate) fn check(number: &str) -> Result<(), NumberError> {
    let unsigned = number.trim_start_matches('-');
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let significant = digits.trim_start_matches('0');
    let zeros = digits.len() - significant.len();
    let significant = significant.trim_end_matches('0');
    if significant.is_empty() {
        return Ok(());
    }
    if significant.len() > MAX_DIGITS {
        return Err(NumberError::Digits(significant.len()));
    }
    // The power of ten of the first significant digit.
    let first = exponent
        .parse::<i64>()
        .ok()
        .and_then(|exponent| exponent.checked_add(whole.len() as i64 - zeros as i64 - 1));
    match first {
        Some(MIN_EXPONENT..=MAX_EXPONENT) => Ok(()),
        _ => Err(NumberError::Magnitude),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_within_the_limits_pass() {
        let nines = "9".repeat(38);
        for number in [
            "0",
            "-0",
            "0.0",
            "0e999999999999999999999",
            "78.89",
            "-1",
            "1E+2",
            "1e-130",
            "-1e-130",
            "9.9e125",
            "0.001e-127",
            "100e123",
            "1230000000000000000000000000000000000000000000000",
            "0.00000000000000000000000000000000000000000000000000123",
            &nines,
            &format!("0.{nines}"),
            &format!("{nines}e88"),
            &format!("-{nines}000"),
        ] {
            assert_eq!(check(number), Ok(()), "{number}");
        }
    }

    #[test]
    fn numbers_beyond_the_limits_do_not() {
        let digits = "1".repeat(39);
        for number in [
            &digits,
            &format!("-0.00{digits}e7"),
            &format!("1{}1", "0".repeat(37)),
        ] {
            assert_eq!(check(number), Err(NumberError::Digits(39)), "{number}");
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
            assert_eq!(check(number), Err(NumberError::Magnitude), "{number}");
        }
    }
}
