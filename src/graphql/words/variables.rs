//! Variables: every explanation there is, where it is said, and what is taken.

use super::{Answerer, Request, Version, answer, table};
use insta::assert_snapshot;

/// What each value of `$v` is told where its type is `ty`.
fn given(ty: &str, values: &[&str]) -> String {
    // Not used, which validation would refuse; so that any type will do, variables are looked at by themselves.
    let document = format!("query Q($v: {ty}) {{ __typename }}");
    table(values, |value| of_variables(&document, &format!("{{\"v\":{value}}}")))
}

/// The errors of the variables' stage, or `taken`.
fn of_variables(document: &str, variables: &str) -> String {
    let parsed = super::super::parse::parse(document).expect("well formed");
    let given = serde_json::from_str(variables).expect("an object");
    match super::super::coerce::variables(Version::V2024_06_01.schema(), &parsed.operations[0].definition, &given, &[]) {
        Ok(_) => "taken".to_owned(),
        Err(errors) => super::super::error::as_lines(&errors),
    }
}

fn sent(document: &str, variables: &[&str]) -> String {
    table(variables, |variables| {
        let request = Request { query: Some(document), variables: Some(variables), ..Request::default() };
        answer(&Answerer::default(), Version::V2024_06_01, &request)
    })
}

#[test]
fn scalars() {
    assert_snapshot!(given("Int", &["1", "-2147483648", "2147483647", "2147483648", "-2147483649", "1.0", "1e3", "\"1\"", "true", "[1]", "{\"a\":1}", "null", "1e300"]), @r##"
        1
            taken
        -2147483648
            taken
        2147483647
            taken
        2147483648
            {"message":"Variable $v of type Int was provided invalid value","locations":[{"line":1,"column":9}],"extensions":{"value":2147483648,"problems":[{"path":[],"explanation":"Could not coerce value 2147483648 to Int"}]}}
        -2147483649
            {"message":"Variable $v of type Int was provided invalid value","locations":[{"line":1,"column":9}],"extensions":{"value":-2147483649,"problems":[{"path":[],"explanation":"Could not coerce value -2147483649 to Int"}]}}
        1.0
            {"message":"Variable $v of type Int was provided invalid value","locations":[{"line":1,"column":9}],"extensions":{"value":1.0,"problems":[{"path":[],"explanation":"Could not coerce value 1.0 to Int"}]}}
        1e3
            {"message":"Variable $v of type Int was provided invalid value","locations":[{"line":1,"column":9}],"extensions":{"value":1000.0,"problems":[{"path":[],"explanation":"Could not coerce value 1000.0 to Int"}]}}
        \"1\"
            {"message":"Variable $v of type Int was provided invalid value","locations":[{"line":1,"column":9}],"extensions":{"value":"1","problems":[{"path":[],"explanation":"Could not coerce value \"1\" to Int"}]}}
        true
            {"message":"Variable $v of type Int was provided invalid value","locations":[{"line":1,"column":9}],"extensions":{"value":true,"problems":[{"path":[],"explanation":"Could not coerce value true to Int"}]}}
        [1]
            {"message":"Variable $v of type Int was provided invalid value","locations":[{"line":1,"column":9}],"extensions":{"value":[1],"problems":[{"path":[],"explanation":"Could not coerce value [1] to Int"}]}}
        {\"a\":1}
            {"message":"Variable $v of type Int was provided invalid value","locations":[{"line":1,"column":9}],"extensions":{"value":{"a":1},"problems":[{"path":[],"explanation":"Could not coerce value {a:1} to Int"}]}}
        null
            taken
        1e300
            {"message":"Variable $v of type Int was provided invalid value","locations":[{"line":1,"column":9}],"extensions":{"value":1e+300,"problems":[{"path":[],"explanation":"Could not coerce value 1.0e+300 to Int"}]}}
        "##);
    assert_snapshot!(given("Float", &["1", "1.5", "1e300", "\"1.5\"", "true"]), @r##"
        1
            taken
        1.5
            taken
        1e300
            taken
        \"1.5\"
            {"message":"Variable $v of type Float was provided invalid value","locations":[{"line":1,"column":9}],"extensions":{"value":"1.5","problems":[{"path":[],"explanation":"Could not coerce value \"1.5\" to Float"}]}}
        true
            {"message":"Variable $v of type Float was provided invalid value","locations":[{"line":1,"column":9}],"extensions":{"value":true,"problems":[{"path":[],"explanation":"Could not coerce value true to Float"}]}}
        "##);
    assert_snapshot!(given("String", &["\"\"", "1", "1.5", "1e20", "true", "[\"a\"]", "{\"a\":{\"b\":[1,null,\"c\"]}}"]), @r##"
        \"\"
            taken
        1
            {"message":"Variable $v of type String was provided invalid value","locations":[{"line":1,"column":9}],"extensions":{"value":1,"problems":[{"path":[],"explanation":"Could not coerce value 1 to String"}]}}
        1.5
            {"message":"Variable $v of type String was provided invalid value","locations":[{"line":1,"column":9}],"extensions":{"value":1.5,"problems":[{"path":[],"explanation":"Could not coerce value 1.5 to String"}]}}
        1e20
            {"message":"Variable $v of type String was provided invalid value","locations":[{"line":1,"column":9}],"extensions":{"value":1e+20,"problems":[{"path":[],"explanation":"Could not coerce value 1.0e+20 to String"}]}}
        true
            {"message":"Variable $v of type String was provided invalid value","locations":[{"line":1,"column":9}],"extensions":{"value":true,"problems":[{"path":[],"explanation":"Could not coerce value true to String"}]}}
        [\"a\"]
            {"message":"Variable $v of type String was provided invalid value","locations":[{"line":1,"column":9}],"extensions":{"value":["a"],"problems":[{"path":[],"explanation":"Could not coerce value [\"a\"] to String"}]}}
        {\"a\":{\"b\":[1,null,\"c\"]}}
            {"message":"Variable $v of type String was provided invalid value","locations":[{"line":1,"column":9}],"extensions":{"value":{"a":{"b":[1,null,"c"]}},"problems":[{"path":[],"explanation":"Could not coerce value {a:{b:[1,null,\"c\"]}} to String"}]}}
        "##);
    assert_snapshot!(given("Boolean", &["true", "\"true\"", "0", "\"\""]), @r##"
        true
            taken
        \"true\"
            {"message":"Variable $v of type Boolean was provided invalid value","locations":[{"line":1,"column":9}],"extensions":{"value":"true","problems":[{"path":[],"explanation":"Could not coerce value \"true\" to Boolean"}]}}
        0
            {"message":"Variable $v of type Boolean was provided invalid value","locations":[{"line":1,"column":9}],"extensions":{"value":0,"problems":[{"path":[],"explanation":"Could not coerce value 0 to Boolean"}]}}
        \"\"
            {"message":"Variable $v of type Boolean was provided invalid value","locations":[{"line":1,"column":9}],"extensions":{"value":"","problems":[{"path":[],"explanation":"Could not coerce value \"\" to Boolean"}]}}
        "##);
    assert_snapshot!(given("ID", &["\"a\"", "1", "12345678901234567890", "1.5", "true", "{}"]), @r##"
        \"a\"
            taken
        1
            taken
        12345678901234567890
            taken
        1.5
            {"message":"Variable $v of type ID was provided invalid value","locations":[{"line":1,"column":9}],"extensions":{"value":1.5,"problems":[{"path":[],"explanation":"Could not coerce value 1.5 to ID"}]}}
        true
            {"message":"Variable $v of type ID was provided invalid value","locations":[{"line":1,"column":9}],"extensions":{"value":true,"problems":[{"path":[],"explanation":"Could not coerce value true to ID"}]}}
        {}
            {"message":"Variable $v of type ID was provided invalid value","locations":[{"line":1,"column":9}],"extensions":{"value":{},"problems":[{"path":[],"explanation":"Could not coerce value {} to ID"}]}}
        "##);
    assert_snapshot!(given("JSON", &["1", "{\"a\":[null]}", "[]", "\"text\""]), @r##"
        1
            taken
        {\"a\":[null]}
            taken
        []
            taken
        \"text\"
            taken
        "##);
    assert_snapshot!(given("ISO8601Date", &["\"2024-02-29\"", "\"2023-02-29\"", "\"29.2.2024\"", "20240229", "\"\""]), @r##"
        \"2024-02-29\"
            taken
        \"2023-02-29\"
            {"message":"Variable $v of type ISO8601Date was provided invalid value","locations":[{"line":1,"column":9}],"extensions":{"value":"2023-02-29","problems":[{"path":[],"explanation":"Could not coerce value \"2023-02-29\" to ISO8601Date"}]}}
        \"29.2.2024\"
            {"message":"Variable $v of type ISO8601Date was provided invalid value","locations":[{"line":1,"column":9}],"extensions":{"value":"29.2.2024","problems":[{"path":[],"explanation":"Could not coerce value \"29.2.2024\" to ISO8601Date"}]}}
        20240229
            {"message":"Variable $v of type ISO8601Date was provided invalid value","locations":[{"line":1,"column":9}],"extensions":{"value":20240229,"problems":[{"path":[],"explanation":"Could not coerce value 20240229 to ISO8601Date"}]}}
        \"\"
            {"message":"Variable $v of type ISO8601Date was provided invalid value","locations":[{"line":1,"column":9}],"extensions":{"value":"","problems":[{"path":[],"explanation":"Could not coerce value \"\" to ISO8601Date"}]}}
        "##);
    assert_snapshot!(given("ISO8601DateTime", &["\"2024-02-29T10:00:00Z\"", "\"2024-02-29\"", "\"tomorrow\"", "1709200800"]), @r##"
        \"2024-02-29T10:00:00Z\"
            taken
        \"2024-02-29\"
            taken
        \"tomorrow\"
            {"message":"Variable $v of type ISO8601DateTime was provided invalid value","locations":[{"line":1,"column":9}],"extensions":{"value":"tomorrow","problems":[{"path":[],"explanation":"Could not coerce value \"tomorrow\" to ISO8601DateTime"}]}}
        1709200800
            {"message":"Variable $v of type ISO8601DateTime was provided invalid value","locations":[{"line":1,"column":9}],"extensions":{"value":1709200800,"problems":[{"path":[],"explanation":"Could not coerce value 1709200800 to ISO8601DateTime"}]}}
        "##);
    assert_snapshot!(given("Upload", &["\"a.pdf\"", "{}", "null"]), @r##"
        \"a.pdf\"
            {"message":"Variable $v of type Upload was provided invalid value","locations":[{"line":1,"column":9}],"extensions":{"value":"a.pdf","problems":[{"path":[],"explanation":"Could not coerce value \"a.pdf\" to Upload"}]}}
        {}
            {"message":"Variable $v of type Upload was provided invalid value","locations":[{"line":1,"column":9}],"extensions":{"value":{},"problems":[{"path":[],"explanation":"Could not coerce value {} to Upload"}]}}
        null
            taken
        "##);
}

#[test]
fn nulls() {
    assert_snapshot!(given("ID!", &["null", "1"]), @r##"
        null
            {"message":"Variable $v of type ID! was provided invalid value","locations":[{"line":1,"column":9}],"extensions":{"value":null,"problems":[{"path":[],"explanation":"Expected value to not be null"}]}}
        1
            taken
        "##);
    assert_snapshot!(given("[ID!]!", &["null", "[]", "[null]", "[1,null,2,null]"]), @r##"
        null
            {"message":"Variable $v of type [ID!]! was provided invalid value","locations":[{"line":1,"column":9}],"extensions":{"value":null,"problems":[{"path":[],"explanation":"Expected value to not be null"}]}}
        []
            taken
        [null]
            {"message":"Variable $v of type [ID!]! was provided invalid value for 0 (Expected value to not be null)","locations":[{"line":1,"column":9}],"extensions":{"value":[null],"problems":[{"path":[0],"explanation":"Expected value to not be null"}]}}
        [1,null,2,null]
            {"message":"Variable $v of type [ID!]! was provided invalid value for 1 (Expected value to not be null), 3 (Expected value to not be null)","locations":[{"line":1,"column":9}],"extensions":{"value":[1,null,2,null],"problems":[{"path":[1],"explanation":"Expected value to not be null"},{"path":[3],"explanation":"Expected value to not be null"}]}}
        "##);
    assert_snapshot!(given("[[Int!]]", &["null", "[null]", "[[1,null],[\"2\"]]", "1", "[1]"]), @r##"
        null
            taken
        [null]
            taken
        [[1,null],[\"2\"]]
            {"message":"Variable $v of type [[Int!]] was provided invalid value for 0.1 (Expected value to not be null), 1.0 (Could not coerce value \"2\" to Int)","locations":[{"line":1,"column":9}],"extensions":{"value":[[1,null],["2"]],"problems":[{"path":[0,1],"explanation":"Expected value to not be null"},{"path":[1,0],"explanation":"Could not coerce value \"2\" to Int"}]}}
        1
            taken
        [1]
            taken
        "##);
    assert_snapshot!(of_variables("query Q($a: ID!, $b: Int!, $c: ID = 1, $d: ID! = 2, $e: ID) { __typename }", "{}"), @r##"
        {"message":"Variable $a of type ID! was provided invalid value","locations":[{"line":1,"column":9}],"extensions":{"value":null,"problems":[{"path":[],"explanation":"Expected value to not be null"}]}}
        {"message":"Variable $b of type Int! was provided invalid value","locations":[{"line":1,"column":18}],"extensions":{"value":null,"problems":[{"path":[],"explanation":"Expected value to not be null"}]}}
        "##);
    assert_snapshot!(of_variables("query Q($c: ID = 1, $d: ID! = 2) { __typename }", r#"{"c":null,"d":null}"#), @r##"{"message":"Variable $d of type ID! was provided invalid value","locations":[{"line":1,"column":21}],"extensions":{"value":null,"problems":[{"path":[],"explanation":"Expected value to not be null"}]}}"##);
}

#[test]
fn enums() {
    assert_snapshot!(given("AutomationStepType", &["\"ACTION\"", "\"action\"", "\"\"", "1", "true", "[\"ACTION\"]", "null"]), @r##"
        \"ACTION\"
            taken
        \"action\"
            {"message":"Variable $v of type AutomationStepType was provided invalid value","locations":[{"line":1,"column":9}],"extensions":{"value":"action","problems":[{"path":[],"explanation":"Expected \"action\" to be one of: CONDITION, ACTION, QUERY, DELAY"}]}}
        \"\"
            {"message":"Variable $v of type AutomationStepType was provided invalid value","locations":[{"line":1,"column":9}],"extensions":{"value":"","problems":[{"path":[],"explanation":"Expected \"\" to be one of: CONDITION, ACTION, QUERY, DELAY"}]}}
        1
            {"message":"Variable $v of type AutomationStepType was provided invalid value","locations":[{"line":1,"column":9}],"extensions":{"value":1,"problems":[{"path":[],"explanation":"Expected 1 to be one of: CONDITION, ACTION, QUERY, DELAY"}]}}
        true
            {"message":"Variable $v of type AutomationStepType was provided invalid value","locations":[{"line":1,"column":9}],"extensions":{"value":true,"problems":[{"path":[],"explanation":"Expected true to be one of: CONDITION, ACTION, QUERY, DELAY"}]}}
        [\"ACTION\"]
            {"message":"Variable $v of type AutomationStepType was provided invalid value","locations":[{"line":1,"column":9}],"extensions":{"value":["ACTION"],"problems":[{"path":[],"explanation":"Expected [\"ACTION\"] to be one of: CONDITION, ACTION, QUERY, DELAY"}]}}
        null
            taken
        "##);
    assert_snapshot!(given("[AutomationStepType!]", &["\"ACTION\"", "[\"ACTION\",\"X\",null]"]), @r##"
        \"ACTION\"
            taken
        [\"ACTION\",\"X\",null]
            {"message":"Variable $v of type [AutomationStepType!] was provided invalid value for 1 (Expected \"X\" to be one of: CONDITION, ACTION, QUERY, DELAY), 2 (Expected value to not be null)","locations":[{"line":1,"column":9}],"extensions":{"value":["ACTION","X",null],"problems":[{"path":[1],"explanation":"Expected \"X\" to be one of: CONDITION, ACTION, QUERY, DELAY"},{"path":[2],"explanation":"Expected value to not be null"}]}}
        "##);
}

#[test]
fn input_objects() {
    assert_snapshot!(given("createClientInput", &["{}", "null", "1", "\"text\"", "[{\"first_name\":\"a\"}]", "{\"nope\":1,\"first_name\":2,\"also\":{}}"]), @r##"
        {}
            taken
        null
            taken
        1
            {"message":"Variable $v of type createClientInput was provided invalid value","locations":[{"line":1,"column":9}],"extensions":{"value":1,"problems":[{"path":[],"explanation":"Expected 1 to be a key-value object."}]}}
        \"text\"
            {"message":"Variable $v of type createClientInput was provided invalid value","locations":[{"line":1,"column":9}],"extensions":{"value":"text","problems":[{"path":[],"explanation":"Expected \"text\" to be a key-value object."}]}}
        [{\"first_name\":\"a\"}]
            {"message":"Variable $v of type createClientInput was provided invalid value","locations":[{"line":1,"column":9}],"extensions":{"value":[{"first_name":"a"}],"problems":[{"path":[],"explanation":"Expected [{\"first_name\":\"a\"}] to be a key-value object."}]}}
        {\"nope\":1,\"first_name\":2,\"also\":{}}
            {"message":"Variable $v of type createClientInput was provided invalid value for nope (Field is not defined on createClientInput), first_name (Could not coerce value 2 to String), also (Field is not defined on createClientInput)","locations":[{"line":1,"column":9}],"extensions":{"value":{"nope":1,"first_name":2,"also":{}},"problems":[{"path":["nope"],"explanation":"Field is not defined on createClientInput"},{"path":["first_name"],"explanation":"Could not coerce value 2 to String"},{"path":["also"],"explanation":"Field is not defined on createClientInput"}]}}
        "##);
    assert_snapshot!(given("CreateAutomationInput!", &[
        "{}",
        "{\"name\":null}",
        "{\"name\":\"a\",\"steps\":[{\"step_type\":\"X\"},{\"name\":\"a\",\"step_type\":\"ACTION\",\"step_identifier\":\"b\",\"nope\":1}]}",
        "{\"name\":\"a\",\"steps\":{\"name\":1}}",
        "{\"steps\":[1,null],\"name\":\"a\"}",
    ]), @r##"
        {}
            {"message":"Variable $v of type CreateAutomationInput! was provided invalid value for name (Expected value to not be null)","locations":[{"line":1,"column":9}],"extensions":{"value":{},"problems":[{"path":["name"],"explanation":"Expected value to not be null"}]}}
        {\"name\":null}
            {"message":"Variable $v of type CreateAutomationInput! was provided invalid value for name (Expected value to not be null)","locations":[{"line":1,"column":9}],"extensions":{"value":{"name":null},"problems":[{"path":["name"],"explanation":"Expected value to not be null"}]}}
        {\"name\":\"a\",\"steps\":[{\"step_type\":\"X\"},{\"name\":\"a\",\"step_type\":\"ACTION\",\"step_identifier\":\"b\",\"nope\":1}]}
            {"message":"Variable $v of type CreateAutomationInput! was provided invalid value for steps.0.step_type (Expected \"X\" to be one of: CONDITION, ACTION, QUERY, DELAY), steps.0.name (Expected value to not be null), steps.0.step_identifier (Expected value to not be null), steps.1.nope (Field is not defined on StepInput)","locations":[{"line":1,"column":9}],"extensions":{"value":{"name":"a","steps":[{"step_type":"X"},{"name":"a","step_type":"ACTION","step_identifier":"b","nope":1}]},"problems":[{"path":["steps",0,"step_type"],"explanation":"Expected \"X\" to be one of: CONDITION, ACTION, QUERY, DELAY"},{"path":["steps",0,"name"],"explanation":"Expected value to not be null"},{"path":["steps",0,"step_identifier"],"explanation":"Expected value to not be null"},{"path":["steps",1,"nope"],"explanation":"Field is not defined on StepInput"}]}}
        {\"name\":\"a\",\"steps\":{\"name\":1}}
            {"message":"Variable $v of type CreateAutomationInput! was provided invalid value for steps.0.name (Could not coerce value 1 to String), steps.0.step_identifier (Expected value to not be null), steps.0.step_type (Expected value to not be null)","locations":[{"line":1,"column":9}],"extensions":{"value":{"name":"a","steps":{"name":1}},"problems":[{"path":["steps",0,"name"],"explanation":"Could not coerce value 1 to String"},{"path":["steps",0,"step_identifier"],"explanation":"Expected value to not be null"},{"path":["steps",0,"step_type"],"explanation":"Expected value to not be null"}]}}
        {\"steps\":[1,null],\"name\":\"a\"}
            {"message":"Variable $v of type CreateAutomationInput! was provided invalid value for steps.0 (Expected 1 to be a key-value object.), steps.1 (Expected value to not be null)","locations":[{"line":1,"column":9}],"extensions":{"value":{"steps":[1,null],"name":"a"},"problems":[{"path":["steps",0],"explanation":"Expected 1 to be a key-value object."},{"path":["steps",1],"explanation":"Expected value to not be null"}]}}
        "##);
}

#[test]
fn whole_answers() {
    let document = "mutation M($input: createClientInput!, $n: Int, $undefined: ID = 1) { createClient(input: $input) { messages { field } } b: __typename @skip(if: true) }";
    assert_snapshot!(sent(document, &["{}"]), @r##"
        {}
            {"errors":[{"message":"Variable $n is declared by M but not used","locations":[{"line":1,"column":1}],"path":["mutation M"],"extensions":{"code":"variableNotUsed","variableName":"n"}},{"message":"Variable $undefined is declared by M but not used","locations":[{"line":1,"column":1}],"path":["mutation M"],"extensions":{"code":"variableNotUsed","variableName":"undefined"}}]}
        "##);
    let document = "query Q($id: ID, $n: Int!, $list: [ID]) {\n  user(id: $id) { id }\n  users(offset: $n, ids: $list) { id }\n}";
    assert_snapshot!(sent(document, &[
        r#"{"id":true,"n":"2","list":[1.5,"a"],"extra":{"never":"looked at"}}"#,
        r#"{"n":null}"#,
        "{}",
    ]), @r##"
        {\"id\":true,\"n\":\"2\",\"list\":[1.5,\"a\"],\"extra\":{\"never\":\"looked at\"}}
            {"errors":[{"message":"Variable $id of type ID was provided invalid value","locations":[{"line":1,"column":9}],"extensions":{"value":true,"problems":[{"path":[],"explanation":"Could not coerce value true to ID"}]}},{"message":"Variable $n of type Int! was provided invalid value","locations":[{"line":1,"column":18}],"extensions":{"value":"2","problems":[{"path":[],"explanation":"Could not coerce value \"2\" to Int"}]}},{"message":"Variable $list of type [ID] was provided invalid value for 0 (Could not coerce value 1.5 to ID)","locations":[{"line":1,"column":28}],"extensions":{"value":[1.5,"a"],"problems":[{"path":[0],"explanation":"Could not coerce value 1.5 to ID"}]}}]}
        {\"n\":null}
            {"errors":[{"message":"Variable $n of type Int! was provided invalid value","locations":[{"line":1,"column":18}],"extensions":{"value":null,"problems":[{"path":[],"explanation":"Expected value to not be null"}]}}]}
        {}
            {"errors":[{"message":"Variable $n of type Int! was provided invalid value","locations":[{"line":1,"column":18}],"extensions":{"value":null,"problems":[{"path":[],"explanation":"Expected value to not be null"}]}}]}
        "##);
}
