//! Syntax: where reading stops, and what is said of what was found there.

use super::told;
use insta::assert_snapshot;

#[test]
fn documents_that_end_too_soon() {
    assert_snapshot!(told(&[
        "",
        " \n,\t",
        "# only a comment",
        "query",
        "query Q",
        "query Q(",
        "query Q($",
        "query Q($a",
        "query Q($a:",
        "query Q($a: [ID",
        "query Q($a: ID = ",
        "query Q($a: ID @",
        "{",
        "{ a",
        "{ a:",
        "{ a(",
        "{ a(b",
        "{ a(b:",
        "{ a(b: [1",
        "{ a(b: {c",
        "{ a(b: $",
        "{ a @",
        "{ a {\n  b\n",
        "{ ...",
        "{ ... on",
        "{ ...F",
        "fragment",
        "fragment F",
        "fragment F on",
        "fragment F on User",
        "{ a } fragment",
        "extend",
        "type",
        "\"about\"",
    ]), @r##"

            {"errors":[{"message":"Unexpected end of document","locations":[]}]}
         \n,\t
            {"errors":[{"message":"Unexpected end of document","locations":[]}]}
        # only a comment
            {"errors":[{"message":"Unexpected end of document","locations":[]}]}
        query
            {"errors":[{"message":"Expected NAME, actual: (none) (\"\") at [1, 1]","locations":[{"line":1,"column":1}]}]}
        query Q
            {"errors":[{"message":"Expected LCURLY, actual: (none) (\"\") at [1, 7]","locations":[{"line":1,"column":7}]}]}
        query Q(
            {"errors":[{"message":"Expected VAR_SIGN, actual: (none) (\"\") at [1, 8]","locations":[{"line":1,"column":8}]}]}
        query Q($
            {"errors":[{"message":"Expected NAME, actual: (none) (\"\") at [1, 9]","locations":[{"line":1,"column":9}]}]}
        query Q($a
            {"errors":[{"message":"Expected COLON, actual: (none) (\"\") at [1, 10]","locations":[{"line":1,"column":10}]}]}
        query Q($a:
            {"errors":[{"message":"Missing type definition for variable: $a at [1, 11]","locations":[{"line":1,"column":11}]}]}
        query Q($a: [ID
            {"errors":[{"message":"Expected RBRACKET, actual: (none) (\"\") at [1, 14]","locations":[{"line":1,"column":14}]}]}
        query Q($a: ID = 
            {"errors":[{"message":"Expected VALUE, actual: (none) (\" \") at [1, 16]","locations":[{"line":1,"column":16}]}]}
        query Q($a: ID @
            {"errors":[{"message":"Expected NAME, actual: (none) (\"\") at [1, 16]","locations":[{"line":1,"column":16}]}]}
        {
            {"errors":[{"message":"Expected NAME, actual: (none) (\"\") at [1, 1]","locations":[{"line":1,"column":1}]}]}
        { a
            {"errors":[{"message":"Expected NAME, actual: (none) (\"\") at [1, 3]","locations":[{"line":1,"column":3}]}]}
        { a:
            {"errors":[{"message":"Expected NAME, actual: (none) (\"\") at [1, 4]","locations":[{"line":1,"column":4}]}]}
        { a(
            {"errors":[{"message":"Expected NAME, actual: (none) (\"\") at [1, 4]","locations":[{"line":1,"column":4}]}]}
        { a(b
            {"errors":[{"message":"Expected COLON, actual: (none) (\"\") at [1, 5]","locations":[{"line":1,"column":5}]}]}
        { a(b:
            {"errors":[{"message":"Expected VALUE, actual: (none) (\"\") at [1, 6]","locations":[{"line":1,"column":6}]}]}
        { a(b: [1
            {"errors":[{"message":"Expected VALUE, actual: (none) (\"\") at [1, 9]","locations":[{"line":1,"column":9}]}]}
        { a(b: {c
            {"errors":[{"message":"Expected COLON, actual: (none) (\"\") at [1, 9]","locations":[{"line":1,"column":9}]}]}
        { a(b: $
            {"errors":[{"message":"Expected NAME, actual: (none) (\"\") at [1, 8]","locations":[{"line":1,"column":8}]}]}
        { a @
            {"errors":[{"message":"Expected NAME, actual: (none) (\"\") at [1, 5]","locations":[{"line":1,"column":5}]}]}
        { a {\n  b\n
            {"errors":[{"message":"Expected NAME, actual: (none) (\"\\n\") at [2, 3]","locations":[{"line":2,"column":3}]}]}
        { ...
            {"errors":[{"message":"Expected NAME, actual: (none) (\"\") at [1, 3]","locations":[{"line":1,"column":3}]}]}
        { ... on
            {"errors":[{"message":"Expected NAME, actual: (none) (\"\") at [1, 7]","locations":[{"line":1,"column":7}]}]}
        { ...F
            {"errors":[{"message":"Expected NAME, actual: (none) (\"\") at [1, 6]","locations":[{"line":1,"column":6}]}]}
        fragment
            {"errors":[{"message":"Expected NAME, actual: (none) (\"\") at [1, 1]","locations":[{"line":1,"column":1}]}]}
        fragment F
            {"errors":[{"message":"Expected ON, actual: (none) (\"\") at [1, 10]","locations":[{"line":1,"column":10}]}]}
        fragment F on
            {"errors":[{"message":"Expected NAME, actual: (none) (\"\") at [1, 12]","locations":[{"line":1,"column":12}]}]}
        fragment F on User
            {"errors":[{"message":"Expected LCURLY, actual: (none) (\"\") at [1, 15]","locations":[{"line":1,"column":15}]}]}
        { a } fragment
            {"errors":[{"message":"Expected NAME, actual: (none) (\"\") at [1, 7]","locations":[{"line":1,"column":7}]}]}
        extend
            {"errors":[{"message":"Expected one of SCHEMA, SCALAR, TYPE, ENUM, INPUT, UNION, INTERFACE, actual: NOTHING (\"\") at [1, 1]","locations":[{"line":1,"column":1}]}]}
        type
            {"errors":[{"message":"Expected NAME, actual: (none) (\"\") at [1, 1]","locations":[{"line":1,"column":1}]}]}
        \"about\"
            {"errors":[{"message":"Expected one of SCHEMA, SCALAR, TYPE, ENUM, INPUT, UNION, INTERFACE, actual: NOTHING (\"\") at [1, 1]","locations":[{"line":1,"column":1}]}]}
        "##);
}

#[test]
fn tokens_that_do_not_belong() {
    assert_snapshot!(told(&[
        "}",
        "{ a } }",
        "hello",
        "quory Q { a }",
        "query }",
        "query 1 { a }",
        "query Q { a(b) }",
        "{ a() }",
        "{ a @skip() }",
        "{ a(b: ) }",
        "{ a(b 1) }",
        "{ a(: 1) }",
        "{ a(b: [1, )] }",
        "{ a(b: {1: 2}) }",
        "{ a: }",
        "{ a: : b }",
        "{ 1 }",
        "{ \"text\" }",
        "{ \"\"\"\n  block\n\"\"\" }",
        "{ a: { b } }",
        "{ a { b } { c } }",
        "{ a ! }",
        "{ a = b }",
        "{ a | b }",
        "{ a & b }",
        "{ a $b }",
        "{ @skip a }",
        "{ ...on }",
        "{ ... on }",
        "{ ...1 }",
        "query Q($a) { a }",
        "query Q(a: ID) { a }",
        "query Q($a ID) { a }",
        "query Q($a: ) { a }",
        "query Q($a: []) { a }",
        "query Q($a: [ID) { a }",
        "query Q($a: ID!!) { a }",
        "query Q($a: query) { a }",
        "query Q($a: ID @skip = 1) { a }",
        "query Q { a } on { b }",
        "fragment on on User { a }",
        "fragment F User { a }",
        "fragment F on User",
        "fragment F on { a }",
        "fragment F($a: ID) on User { a }",
    ]), @r##"
        }
            {"errors":[{"message":"Expected one of SCHEMA, SCALAR, TYPE, ENUM, INPUT, UNION, INTERFACE, actual: RCURLY (\"}\") at [1, 1]","locations":[{"line":1,"column":1}]}]}
        { a } }
            {"errors":[{"message":"Expected one of SCHEMA, SCALAR, TYPE, ENUM, INPUT, UNION, INTERFACE, actual: RCURLY (\"}\") at [1, 7]","locations":[{"line":1,"column":7}]}]}
        hello
            {"errors":[{"message":"Expected one of SCHEMA, SCALAR, TYPE, ENUM, INPUT, UNION, INTERFACE, actual: IDENTIFIER (\"hello\") at [1, 1]","locations":[{"line":1,"column":1}]}]}
        quory Q { a }
            {"errors":[{"message":"Expected one of SCHEMA, SCALAR, TYPE, ENUM, INPUT, UNION, INTERFACE, actual: IDENTIFIER (\"quory\") at [1, 1]","locations":[{"line":1,"column":1}]}]}
        query }
            {"errors":[{"message":"Expected NAME, actual: RCURLY (\"}\") at [1, 7]","locations":[{"line":1,"column":7}]}]}
        query 1 { a }
            {"errors":[{"message":"Expected NAME, actual: INT (\"1\") at [1, 7]","locations":[{"line":1,"column":7}]}]}
        query Q { a(b) }
            {"errors":[{"message":"Expected COLON, actual: RPAREN (\")\") at [1, 14]","locations":[{"line":1,"column":14}]}]}
        { a() }
            {"errors":[{"message":"Expected ARGUMENT_NAME, actual: RPAREN (\")\") at [1, 5]","locations":[{"line":1,"column":5}]}]}
        { a @skip() }
            {"errors":[{"message":"Expected ARGUMENT_NAME, actual: RPAREN (\")\") at [1, 11]","locations":[{"line":1,"column":11}]}]}
        { a(b: ) }
            {"errors":[{"message":"Expected VALUE, actual: RPAREN (\")\") at [1, 8]","locations":[{"line":1,"column":8}]}]}
        { a(b 1) }
            {"errors":[{"message":"Expected COLON, actual: INT (\"1\") at [1, 7]","locations":[{"line":1,"column":7}]}]}
        { a(: 1) }
            {"errors":[{"message":"Expected NAME, actual: COLON (\":\") at [1, 5]","locations":[{"line":1,"column":5}]}]}
        { a(b: [1, )] }
            {"errors":[{"message":"Expected VALUE, actual: RPAREN (\")\") at [1, 12]","locations":[{"line":1,"column":12}]}]}
        { a(b: {1: 2}) }
            {"errors":[{"message":"Expected NAME, actual: INT (\"1\") at [1, 9]","locations":[{"line":1,"column":9}]}]}
        { a: }
            {"errors":[{"message":"Expected NAME, actual: RCURLY (\"}\") at [1, 6]","locations":[{"line":1,"column":6}]}]}
        { a: : b }
            {"errors":[{"message":"Expected NAME, actual: COLON (\":\") at [1, 6]","locations":[{"line":1,"column":6}]}]}
        { 1 }
            {"errors":[{"message":"Expected NAME, actual: INT (\"1\") at [1, 3]","locations":[{"line":1,"column":3}]}]}
        { \"text\" }
            {"errors":[{"message":"Expected NAME, actual: STRING (\"text\") at [1, 3]","locations":[{"line":1,"column":3}]}]}
        { \"\"\"\n  block\n\"\"\" }
            {"errors":[{"message":"Expected NAME, actual: STRING (\"block\") at [1, 3]","locations":[{"line":1,"column":3}]}]}
        { a: { b } }
            {"errors":[{"message":"Expected NAME, actual: LCURLY (\"{\") at [1, 6]","locations":[{"line":1,"column":6}]}]}
        { a { b } { c } }
            {"errors":[{"message":"Expected NAME, actual: LCURLY (\"{\") at [1, 11]","locations":[{"line":1,"column":11}]}]}
        { a ! }
            {"errors":[{"message":"Expected NAME, actual: BANG (\"!\") at [1, 5]","locations":[{"line":1,"column":5}]}]}
        { a = b }
            {"errors":[{"message":"Expected NAME, actual: EQUALS (\"=\") at [1, 5]","locations":[{"line":1,"column":5}]}]}
        { a | b }
            {"errors":[{"message":"Expected NAME, actual: PIPE (\"|\") at [1, 5]","locations":[{"line":1,"column":5}]}]}
        { a & b }
            {"errors":[{"message":"Expected NAME, actual: AMP (\"&\") at [1, 5]","locations":[{"line":1,"column":5}]}]}
        { a $b }
            {"errors":[{"message":"Expected NAME, actual: VAR_SIGN (\"$\") at [1, 5]","locations":[{"line":1,"column":5}]}]}
        { @skip a }
            {"errors":[{"message":"Expected NAME, actual: DIR_SIGN (\"@\") at [1, 3]","locations":[{"line":1,"column":3}]}]}
        { ...on }
            {"errors":[{"message":"Expected NAME, actual: RCURLY (\"}\") at [1, 9]","locations":[{"line":1,"column":9}]}]}
        { ... on }
            {"errors":[{"message":"Expected NAME, actual: RCURLY (\"}\") at [1, 10]","locations":[{"line":1,"column":10}]}]}
        { ...1 }
            {"errors":[{"message":"Expected NAME, actual: INT (\"1\") at [1, 6]","locations":[{"line":1,"column":6}]}]}
        query Q($a) { a }
            {"errors":[{"message":"Expected COLON, actual: RPAREN (\")\") at [1, 11]","locations":[{"line":1,"column":11}]}]}
        query Q(a: ID) { a }
            {"errors":[{"message":"Expected VAR_SIGN, actual: IDENTIFIER (\"a\") at [1, 9]","locations":[{"line":1,"column":9}]}]}
        query Q($a ID) { a }
            {"errors":[{"message":"Expected COLON, actual: IDENTIFIER (\"ID\") at [1, 12]","locations":[{"line":1,"column":12}]}]}
        query Q($a: ) { a }
            {"errors":[{"message":"Missing type definition for variable: $a at [1, 13]","locations":[{"line":1,"column":13}]}]}
        query Q($a: []) { a }
            {"errors":[{"message":"Missing type definition for variable: $a at [1, 15]","locations":[{"line":1,"column":15}]}]}
        query Q($a: [ID) { a }
            {"errors":[{"message":"Expected RBRACKET, actual: RPAREN (\")\") at [1, 16]","locations":[{"line":1,"column":16}]}]}
        query Q($a: ID!!) { a }
            {"errors":[{"message":"Expected VAR_SIGN, actual: BANG (\"!\") at [1, 16]","locations":[{"line":1,"column":16}]}]}
        query Q($a: query) { a }
            {"errors":[{"message":"Missing type definition for variable: $a at [1, 13]","locations":[{"line":1,"column":13}]}]}
        query Q($a: ID @skip = 1) { a }
            {"errors":[{"message":"Expected VAR_SIGN, actual: EQUALS (\"=\") at [1, 22]","locations":[{"line":1,"column":22}]}]}
        query Q { a } on { b }
            {"errors":[{"message":"Expected one of SCHEMA, SCALAR, TYPE, ENUM, INPUT, UNION, INTERFACE, actual: ON (\"on\") at [1, 15]","locations":[{"line":1,"column":15}]}]}
        fragment on on User { a }
            {"errors":[{"message":"Expected LCURLY, actual: IDENTIFIER (\"User\") at [1, 16]","locations":[{"line":1,"column":16}]}]}
        fragment F User { a }
            {"errors":[{"message":"Expected ON, actual: IDENTIFIER (\"User\") at [1, 12]","locations":[{"line":1,"column":12}]}]}
        fragment F on User
            {"errors":[{"message":"Expected LCURLY, actual: (none) (\"\") at [1, 15]","locations":[{"line":1,"column":15}]}]}
        fragment F on { a }
            {"errors":[{"message":"Expected NAME, actual: LCURLY (\"{\") at [1, 15]","locations":[{"line":1,"column":15}]}]}
        fragment F($a: ID) on User { a }
            {"errors":[{"message":"Expected ON, actual: LPAREN (\"(\") at [1, 11]","locations":[{"line":1,"column":11}]}]}
        "##);
}

#[test]
fn strings_numbers_and_other_characters() {
    assert_snapshot!(told(&[
        "{ a(b: \"x) }",
        "{ a(b: \"x\ny\") }",
        "{ a(b: \"\\x\") }",
        "{ a(b: \"\\u12\") }",
        "{ a(b: \"\\uZZZZ\") }",
        "{ a(b: \"\\uD83D\") }",
        "{ a(b: '1') }",
        "{ a(b: \"\"\"x) }",
        "{ a(b: \"\"\"x\") }",
        "{ a(b: -) }",
        "{ a(b: -x1) }",
        "{ a(b: - 1) }",
        "{ pe-ople }",
        "{ a(b: 01) }",
        "{ a(b: 1.) }",
        "{ a(b: .5) }",
        "{ a(b: 1..2) }",
        "{ a(b: 1e) }",
        "{ a(b: +1) }",
        "{ . }",
        "{ .. }",
        "{ a % }",
        "{ a  % }",
        "{a%}",
        "{ a; }",
        "{ a? }",
        "{ é }",
        "{ a } 🩺",
        "\u{feff}{ a }",
        "{ \u{0} }",
    ]), @r##"
        { a(b: \"x) }
            {"errors":[{"message":"Expected string or block string, but it was malformed","locations":[{"line":1,"column":8}]}]}
        { a(b: \"x\ny\") }
            {"errors":[{"message":"Expected string or block string, but it was malformed","locations":[{"line":1,"column":8}]}]}
        { a(b: \"\\x\") }
            {"errors":[{"message":"Expected string or block string, but it was malformed","locations":[{"line":1,"column":8}]}]}
        { a(b: \"\\u12\") }
            {"errors":[{"message":"Expected string or block string, but it was malformed","locations":[{"line":1,"column":8}]}]}
        { a(b: \"\\uZZZZ\") }
            {"errors":[{"message":"Bad unicode escape in \"\\\\uZZZZ\"","locations":[{"line":1,"column":8}]}]}
        { a(b: \"\\uD83D\") }
            {"errors":[{"message":"Bad unicode escape in \"\\xED\\xA0\\xBD\"","locations":[{"line":1,"column":8}]}]}
        { a(b: \'1\') }
            {"errors":[{"message":"Expected VALUE, actual: UNKNOWN_CHAR (\"'\") at [1, 8]","locations":[{"line":1,"column":8}]}]}
        { a(b: \"\"\"x) }
            {"errors":[{"message":"Expected string or block string, but it was malformed","locations":[{"line":1,"column":10}]}]}
        { a(b: \"\"\"x\") }
            {"errors":[{"message":"Expected NAME, actual: STRING (\"x\") at [1, 10]","locations":[{"line":1,"column":10}]}]}
        { a(b: -) }
            {"errors":[{"message":"Expected type 'number', but it was malformed: \"-\".","locations":[{"line":1,"column":8}]}]}
        { a(b: -x1) }
            {"errors":[{"message":"Expected type 'number', but it was malformed: \"-x1\".","locations":[{"line":1,"column":8}]}]}
        { a(b: - 1) }
            {"errors":[{"message":"Expected type 'number', but it was malformed: \"- 1\".","locations":[{"line":1,"column":8}]}]}
        { pe-ople }
            {"errors":[{"message":"Expected type 'number', but it was malformed: \"-ople\".","locations":[{"line":1,"column":5}]}]}
        { a(b: 01) }
            {"errors":[{"message":"Expected NAME, actual: INT (\"1\") at [1, 9]","locations":[{"line":1,"column":9}]}]}
        { a(b: 1.) }
            {"errors":[{"message":"Expected `...`, actual: \".) \"","locations":[{"line":1,"column":9}]}]}
        { a(b: .5) }
            {"errors":[{"message":"Expected `...`, actual: \".5)\"","locations":[{"line":1,"column":8}]}]}
        { a(b: 1..2) }
            {"errors":[{"message":"Expected `...`, actual: \"..2\"","locations":[{"line":1,"column":9}]}]}
        { a(b: 1e) }
            {"errors":[{"message":"Expected COLON, actual: RPAREN (\")\") at [1, 10]","locations":[{"line":1,"column":10}]}]}
        { a(b: +1) }
            {"errors":[{"message":"Expected VALUE, actual: UNKNOWN_CHAR (\"+\") at [1, 8]","locations":[{"line":1,"column":8}]}]}
        { . }
            {"errors":[{"message":"Expected `...`, actual: \". }\"","locations":[{"line":1,"column":3}]}]}
        { .. }
            {"errors":[{"message":"Expected `...`, actual: \".. \"","locations":[{"line":1,"column":3}]}]}
        { a % }
            {"errors":[{"message":"Expected NAME, actual: UNKNOWN_CHAR (\"%\") at [1, 5]","locations":[{"line":1,"column":5}]}]}
        { a  % }
            {"errors":[{"message":"Expected NAME, actual: UNKNOWN_CHAR (\" %\") at [1, 6]","locations":[{"line":1,"column":6}]}]}
        {a%}
            {"errors":[{"message":"Expected NAME, actual: UNKNOWN_CHAR (\"\") at [1, 3]","locations":[{"line":1,"column":3}]}]}
        { a; }
            {"errors":[{"message":"Expected NAME, actual: UNKNOWN_CHAR (\"\") at [1, 4]","locations":[{"line":1,"column":4}]}]}
        { a? }
            {"errors":[{"message":"Expected NAME, actual: UNKNOWN_CHAR (\"\") at [1, 4]","locations":[{"line":1,"column":4}]}]}
        { é }
            {"errors":[{"message":"Expected NAME, actual: UNKNOWN_CHAR (\"\\xC3\") at [1, 3]","locations":[{"line":1,"column":3}]}]}
        { a } 🩺
            {"errors":[{"message":"Expected one of SCHEMA, SCALAR, TYPE, ENUM, INPUT, UNION, INTERFACE, actual: UNKNOWN_CHAR (\"\\xF0\") at [1, 7]","locations":[{"line":1,"column":7}]}]}
        \u{feff}{ a }
            {"errors":[{"message":"Expected one of SCHEMA, SCALAR, TYPE, ENUM, INPUT, UNION, INTERFACE, actual: UNKNOWN_CHAR (\"\") at [1, 1]","locations":[{"line":1,"column":1}]}]}
        { \0 }
            {"errors":[{"message":"Expected NAME, actual: UNKNOWN_CHAR (\"\\u0000\") at [1, 3]","locations":[{"line":1,"column":3}]}]}
        "##);
}

#[test]
fn places() {
    assert_snapshot!(told(&[
        "{\r\n  currentUser {\r\n    nope }\r\n  }}\r\n",
        "{\n\tcurrentUser {\n\t\tnope\n\t}\n}\n",
        "{\n\t\t%",
        "# comment\r{ a }\n}",
        "{ user(id: \"é\") { nope } }",
        "# é\n{ nope }\n",
        "{ a(b: \"é\" c) }",
        "# one, two\n,,{,nope,}\n",
    ]), @r##"
        {\r\n  currentUser {\r\n    nope }\r\n  }}\r\n
            {"errors":[{"message":"Expected one of SCHEMA, SCALAR, TYPE, ENUM, INPUT, UNION, INTERFACE, actual: RCURLY (\"}\") at [4, 4]","locations":[{"line":4,"column":4}]}]}
        {\n\tcurrentUser {\n\t\tnope\n\t}\n}\n
            {"errors":[{"message":"Field 'nope' doesn't exist on type 'User'","locations":[{"line":3,"column":3}],"path":["query","currentUser","nope"],"extensions":{"code":"undefinedField","typeName":"User","fieldName":"nope"}}]}
        {\n\t\t%
            {"errors":[{"message":"Expected NAME, actual: UNKNOWN_CHAR (\"\\t\\t%\") at [2, 3]","locations":[{"line":2,"column":3}]}]}
        # comment\r{ a }\n}
            {"errors":[{"message":"Expected one of SCHEMA, SCALAR, TYPE, ENUM, INPUT, UNION, INTERFACE, actual: RCURLY (\"}\") at [2, 1]","locations":[{"line":2,"column":1}]}]}
        { user(id: \"é\") { nope } }
            {"errors":[{"message":"Field 'nope' doesn't exist on type 'User'","locations":[{"line":1,"column":20}],"path":["query","user","nope"],"extensions":{"code":"undefinedField","typeName":"User","fieldName":"nope"}}]}
        # é\n{ nope }\n
            {"errors":[{"message":"Field 'nope' doesn't exist on type 'Query'","locations":[{"line":2,"column":4}],"path":["query","nope"],"extensions":{"code":"undefinedField","typeName":"Query","fieldName":"nope"}}]}
        { a(b: \"é\" c) }
            {"errors":[{"message":"Expected COLON, actual: RPAREN (\")\") at [1, 14]","locations":[{"line":1,"column":14}]}]}
        # one, two\n,,{,nope,}\n
            {"errors":[{"message":"Field 'nope' doesn't exist on type 'Query'","locations":[{"line":2,"column":5}],"path":["query","nope"],"extensions":{"code":"undefinedField","typeName":"Query","fieldName":"nope"}}]}
        "##);
}

#[test]
fn definitions_of_types() {
    assert_snapshot!(told(&[
        "extend foo",
        "extend directive @a on FIELD",
        "extend query",
        "extend type",
        "type { a: B }",
        "type A { a }",
        "type A { a: }",
        "type A implements B & C { a(b: [C!] = 1 @d): D! @e }",
        "type A { a(b) : C }",
        "interface A",
        "union A = ",
        "union A = | B | C",
        "enum A { true }",
        "enum A { B C @d }",
        "input A { b: C = }",
        "directive a on FIELD",
        "directive @a FIELD",
        "directive @a(b: C) repeatable on FIELD | QUERY",
        "schema { a: B }",
        "schema",
        "scalar",
        "\"about\" query { a }",
    ]), @r##"
        extend foo
            {"errors":[{"message":"Expected one of SCHEMA, SCALAR, TYPE, ENUM, INPUT, UNION, INTERFACE, actual: IDENTIFIER (\"foo\") at [1, 8]","locations":[{"line":1,"column":8}]}]}
        extend directive @a on FIELD
            {"errors":[{"message":"Expected one of SCHEMA, SCALAR, TYPE, ENUM, INPUT, UNION, INTERFACE, actual: DIRECTIVE (\"directive\") at [1, 8]","locations":[{"line":1,"column":8}]}]}
        extend query
            {"errors":[{"message":"Expected one of SCHEMA, SCALAR, TYPE, ENUM, INPUT, UNION, INTERFACE, actual: QUERY (\"query\") at [1, 8]","locations":[{"line":1,"column":8}]}]}
        extend type
            {"errors":[{"message":"Expected NAME, actual: (none) (\"\") at [1, 8]","locations":[{"line":1,"column":8}]}]}
        type { a: B }
            {"errors":[{"message":"Expected NAME, actual: LCURLY (\"{\") at [1, 6]","locations":[{"line":1,"column":6}]}]}
        type A { a }
            {"errors":[{"message":"Expected COLON, actual: RCURLY (\"}\") at [1, 12]","locations":[{"line":1,"column":12}]}]}
        type A { a: }
            {"errors":[{"message":"Query cannot contain schema definitions","locations":[{"line":1,"column":1}],"path":[],"extensions":{"code":"queryContainsSchemaDefinitions"}}]}
        type A implements B & C { a(b: [C!] = 1 @d): D! @e }
            {"errors":[{"message":"Query cannot contain schema definitions","locations":[{"line":1,"column":1}],"path":[],"extensions":{"code":"queryContainsSchemaDefinitions"}}]}
        type A { a(b) : C }
            {"errors":[{"message":"Expected COLON, actual: RPAREN (\")\") at [1, 13]","locations":[{"line":1,"column":13}]}]}
        interface A
            {"errors":[{"message":"Expected LCURLY, actual: (none) (\"\") at [1, 11]","locations":[{"line":1,"column":11}]}]}
        union A = 
            {"errors":[{"message":"Expected NAME, actual: (none) (\" \") at [1, 9]","locations":[{"line":1,"column":9}]}]}
        union A = | B | C
            {"errors":[{"message":"Query cannot contain schema definitions","locations":[{"line":1,"column":1}],"path":[],"extensions":{"code":"queryContainsSchemaDefinitions"}}]}
        enum A { true }
            {"errors":[{"message":"Expected IDENTIFIER, actual: TRUE (\"true\") at [1, 10]","locations":[{"line":1,"column":10}]}]}
        enum A { B C @d }
            {"errors":[{"message":"Query cannot contain schema definitions","locations":[{"line":1,"column":1}],"path":[],"extensions":{"code":"queryContainsSchemaDefinitions"}}]}
        input A { b: C = }
            {"errors":[{"message":"Expected VALUE, actual: RCURLY (\"}\") at [1, 18]","locations":[{"line":1,"column":18}]}]}
        directive a on FIELD
            {"errors":[{"message":"Expected DIR_SIGN, actual: IDENTIFIER (\"a\") at [1, 11]","locations":[{"line":1,"column":11}]}]}
        directive @a FIELD
            {"errors":[{"message":"Expected ON, actual: IDENTIFIER (\"FIELD\") at [1, 14]","locations":[{"line":1,"column":14}]}]}
        directive @a(b: C) repeatable on FIELD | QUERY
            {"errors":[{"message":"Query cannot contain schema definitions","locations":[{"line":1,"column":1}],"path":[],"extensions":{"code":"queryContainsSchemaDefinitions"}}]}
        schema { a: B }
            {"errors":[{"message":"Expected one of QUERY, MUTATION, SUBSCRIPTION, actual: IDENTIFIER (\"a\") at [1, 10]","locations":[{"line":1,"column":10}]}]}
        schema
            {"errors":[{"message":"Expected LCURLY, actual: (none) (\"\") at [1, 1]","locations":[{"line":1,"column":1}]}]}
        scalar
            {"errors":[{"message":"Expected NAME, actual: (none) (\"\") at [1, 1]","locations":[{"line":1,"column":1}]}]}
        \"about\" query { a }
            {"errors":[{"message":"Expected one of SCHEMA, SCALAR, TYPE, ENUM, INPUT, UNION, INTERFACE, actual: QUERY (\"query\") at [1, 9]","locations":[{"line":1,"column":9}]}]}
        "##);
}

#[test]
fn what_is_taken_though_the_grammar_forbids_it() {
    assert_snapshot!(told(&[
        "query x() { __typename }",
        "query ($a: Boolean = true,) { __typename @skip(if: $a), }",
        "query query { __typename: __typename }",
        "{ __typename ... @include(if: true) { a: __typename } ... { b: __typename } }",
        "{ currentUser { id { } } }",
        "query Q @include(if: true) { }",
    ]), @r##"
        query x() { __typename }
            {"data":{"__typename":"Query"}}
        query ($a: Boolean = true,) { __typename @skip(if: $a), }
            {"data":{}}
        query query { __typename: __typename }
            {"data":{"__typename":"Query"}}
        { __typename ... @include(if: true) { a: __typename } ... { b: __typename } }
            {"data":{"__typename":"Query","a":"Query","b":"Query"}}
        { currentUser { id { } } }
            {"data":{"currentUser":null}}
        query Q @include(if: true) { }
            {"errors":[{"message":"Field must have selections (query 'Q' returns Query but has no selections. Did you mean 'Q { ... }'?)","locations":[{"line":1,"column":1}],"path":["query Q"],"extensions":{"code":"selectionMismatch","nodeName":"query 'Q'","typeName":"Query"}}]}
        "##);
}
