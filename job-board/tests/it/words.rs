//! The sentences about lists.

use job_board::words::of_list;

#[test]
fn a_list_says_how_much_of_it_is_there() {
    for (shown, goes_on, filtered, said) in [
        (0, false, false, "There are no job offers yet."),
        (0, false, true, "No offer matches."),
        (
            0,
            true,
            true,
            "No offer matches so far, and there are more to look through.",
        ),
        (1, false, true, "1 offer matches."),
        (2, false, true, "2 offers match."),
        (1_608, false, false, "1,608 offers in all."),
        (50, true, true, "50 offers so far, and there may be more."),
    ] {
        assert_eq!(of_list(shown, goes_on, filtered), said);
    }
}
