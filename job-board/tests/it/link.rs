//! The link to the next page of a list.

use job_board::link;

#[test]
fn the_next_page_is_the_query_of_the_link() {
    let header = r#"</v1/jobs?limit=50&city=L%27Ha%C3%BF&cursor=WyIxIl0>; rel="next""#;
    assert_eq!(
        link::next(header),
        Some("limit=50&city=L%27Ha%C3%BF&cursor=WyIxIl0")
    );
}

#[test]
fn a_page_without_a_link_to_the_next_is_the_last() {
    for header in [
        "",
        "nothing",
        "</v1/jobs?cursor=x",
        "</v1/jobs?cursor=x>",
        r#"</v1/jobs?cursor=x>; rel="prev""#,
        r#"</v1/jobs>; rel="next""#,
    ] {
        assert_eq!(link::next(header), None, "{header}");
    }
}
