use super::*;

fn visitor(peer: &str, header: Option<ProxyHeader>, headers: &[(&'static str, &str)]) -> String {
    let trusted = ["10.0.0.0/8", "127.0.0.1/32", "2001:db8:1::/48"];
    let proxies = Proxies {
        trusted: trusted.map(|network| network.parse().unwrap()).to_vec(),
        header,
    };
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(HeaderName::from_static(name), value.parse().unwrap());
    }
    let peer = SocketAddr::new(peer.parse().unwrap(), 5000);
    proxies.visitor(peer, &map).ip().to_string()
}

#[test]
fn a_trusted_proxy_names_the_visitor_in_either_header() {
    for (headers, expected) in [
        (vec![("x-forwarded-for", "192.0.2.1")], "192.0.2.1"),
        (vec![("x-forwarded-for", "192.0.2.1:4711")], "192.0.2.1"),
        (vec![("x-forwarded-for", "2001:db8::1")], "2001:db8::1"),
        (
            vec![("x-forwarded-for", "[2001:db8::1]:4711")],
            "2001:db8::1",
        ),
        (vec![("x-forwarded-for", "::ffff:192.0.2.1")], "192.0.2.1"),
        (
            vec![("forwarded", "for=192.0.2.1;proto=https")],
            "192.0.2.1",
        ),
        (
            vec![("forwarded", "proto=http; For=\"[2001:db8::1]:80\"")],
            "2001:db8::1",
        ),
        (
            vec![("x-forwarded-for", "192.0.2.1, 10.1.1.1")],
            "192.0.2.1",
        ),
        (
            vec![
                ("x-forwarded-for", "192.0.2.1"),
                ("x-forwarded-for", "10.1.1.1"),
            ],
            "192.0.2.1",
        ),
        (
            vec![("forwarded", "for=192.0.2.1, for=10.1.1.1")],
            "192.0.2.1",
        ),
        (vec![("x-forwarded-for", "10.2.2.2, 10.1.1.1")], "10.2.2.2"),
        (vec![], "10.0.0.1"),
    ] {
        assert_eq!(visitor("10.0.0.1", None, &headers), expected, "{headers:?}");
    }
    let headers = [("x-forwarded-for", "192.0.2.1")];
    assert_eq!(visitor("::ffff:10.0.0.1", None, &headers), "192.0.2.1");
    assert_eq!(visitor("2001:db8:1::7", None, &headers), "192.0.2.1");
}

#[test]
fn what_a_visitor_says_of_itself_changes_nothing() {
    let real = "198.51.100.7";
    for forged in [
        "192.0.2.66",
        "10.0.0.9",
        "unknown",
        "\"",
        "_hidden",
        "127.0.0.1",
    ] {
        let appended = format!("{forged}, {real}");
        assert_eq!(
            visitor("10.0.0.1", None, &[("x-forwarded-for", &appended)]),
            real
        );
        let forwarded = format!("for={forged}");
        let both = [("forwarded", forwarded.as_str()), ("x-forwarded-for", real)];
        assert_eq!(visitor("10.0.0.1", None, &both), real, "{forged}");
        let own = [
            ("x-forwarded-for", forged),
            ("forwarded", "for=198.51.100.7"),
        ];
        let header = Some(ProxyHeader::Forwarded);
        assert_eq!(visitor("10.0.0.1", header, &own), real, "{forged}");
        // Nobody believes those who are no proxies.
        for name in ["x-forwarded-for", "forwarded"] {
            assert_eq!(visitor(real, None, &[(name, forged)]), real, "{forged}");
            assert_eq!(visitor(real, None, &[(name, "for=192.0.2.66")]), real);
        }
    }
    // A comma in quotes is no end, and what is no address ends the search.
    for odd in [
        "for=198.51.100.7;host=\"x,for=192.0.2.66\"",
        "for=\"a\\\",for=192.0.2.66;b=\", for=198.51.100.7",
    ] {
        assert_eq!(
            visitor("10.0.0.1", None, &[("forwarded", odd)]),
            real,
            "{odd}"
        );
    }
    for none in [
        "for=unknown",
        "for=192.0.2.66, for=_secret",
        "for=\"192.0.2.66",
        "for=1.2.3.4;for=192.0.2.66",
        "nothing",
    ] {
        assert_eq!(
            visitor("10.0.0.1", None, &[("forwarded", none)]),
            "10.0.0.1",
            "{none}"
        );
    }
}
