//! RFC 6901 pointers into JSON documents.

/// Appends a key: `/` and the key, with `~` and `/` in it escaped.
pub fn push_key(pointer: &mut String, key: &str) {
    pointer.push('/');
    if !key.contains(['~', '/']) {
        return pointer.push_str(key);
    }
    for c in key.chars() {
        match c {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            other => pointer.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn tildes_and_slashes_are_escaped() {
        let mut pointer = String::new();
        for key in ["", "plain", "a/b~c", "~1"] {
            super::push_key(&mut pointer, key);
        }
        assert_eq!(pointer, "//plain/a~1b~0c/~01");
    }
}
