//! Files with variables.

use crate::compose::env::{Written, assignments};

#[test]
fn what_a_file_sets() {
    let text = "\u{feff}# a comment = none\r\nA=1\r\nexport B = two words  # comment\nC='sin#gle' # c\nD=\"dou\\\"ble\"\nE=\n F: yaml \nALONE\n=x\nbad name=1\nG=a#b\nH='over\nlines'\nI=\"no end\nJ=last";
    let found: Vec<_> =
        assignments(text).into_iter().map(|each| format!("{}=|{}| {:?}", each.name, &text[each.at], each.written)).collect();
    insta::assert_snapshot!(found.join("\n"), @r#"
    A=|1| Open
    B=|two words| Open
    C=|sin#gle| Literal
    D=|dou\"ble| Unusual
    E=|| Open
    F=|yaml| Open
    G=|a#b| Open
    H=|over
    lines| Literal
    I=|"no end| Unusual
    J=|last| Open
    "#);
    let quoted = "A='x'B=y\nC=z";
    assert_eq!(assignments(quoted).iter().map(|each| each.name).collect::<Vec<_>>(), ["A", "B", "C"]);
    assert_eq!(assignments("A=\"b c\"")[0].written, Written::Open);
}
