//! Turns `schema/` into `schema::tables` (both versions as plain static data) and `schema::names` (a typed constant for
//! every name), so that the running program parses no SDL and a misspelt field doesn't compile.

#![expect(clippy::unwrap_used, reason = "a build script that cannot go on says so by its panic")]

use async_graphql_parser::{parse_schema, types::*};
use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    fmt::Write,
    fs,
    path::Path,
};

const VERSIONS: [&str; 2] = ["2024-06-01", "2026-01-01"];
const BUILT_IN: [&str; 5] = ["Boolean", "Float", "ID", "Int", "String"];
/// Names that end in `_id` without being a reference to a record.
const NO_REFERENCES: [&str; 6] = ["tax_id", "other_id", "external_id", "payer_id", "id_number", "signup_id"];

/// One type of one version.
#[derive(Clone, Default)]
struct Type {
    kind: &'static str,
    about: String,
    fields: BTreeMap<String, FieldOf>,
    values: Vec<(String, Option<String>, String)>,
    members: Vec<String>,
}
#[derive(Clone)]
struct FieldOf {
    ty: String,
    about: String,
    deprecated: Option<String>,
    default: Option<String>,
    args: Vec<(String, FieldOf)>,
    unannounced: bool,
}
type Types = BTreeMap<String, Type>;

fn main() {
    println!("cargo:rerun-if-changed=schema");
    let mut versions: Vec<Types> = VERSIONS.iter().map(|version| read(&[&format!("{version}.graphql"), "introspection.graphql"])).collect();
    describe(&mut versions);
    let stored = stored();
    let shapes = Shapes::merge(&versions, &stored);
    let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    let out = Path::new(&out);
    fs::write(out.join("tables.rs"), tables(&versions, &shapes)).expect("OUT_DIR is writable");
    fs::write(out.join("names.rs"), names(&shapes)).expect("OUT_DIR is writable");
    fs::write(out.join("clinic.rs"), clinic()).expect("OUT_DIR is writable");
}

/// The files of the built-in seed, names and texts.
fn clinic() -> String {
    println!("cargo:rerun-if-changed=seeds/clinic");
    let root = env::var("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR");
    let entries = fs::read_dir("seeds/clinic").expect("seeds/clinic");
    let mut files: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    files.sort();
    let included = files.iter().map(|file| format!("({file:?}, include_str!({:?})),\n", format!("{root}/seeds/clinic/{file}")));
    format!("const CLINIC: &[(&str, &str)] = &[\n{}];\n", included.collect::<String>())
}

/// Gives the root fields their descriptions.
fn describe(versions: &mut [Types]) {
    let text = fs::read_to_string("schema/about.tsv").expect("schema/about.tsv");
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let described = line.split_once('\t').and_then(|(field, about)| Some((field.split_once('.')?, about)));
        let Some(((root, field), about)) = described else { panic!("schema/about.tsv: {line:?} is no `Query.field<tab>text`") };
        let mut found = false;
        for types in versions.iter_mut() {
            if let Some(field) = types.get_mut(root).and_then(|root| root.fields.get_mut(field)) {
                field.about = about.to_owned();
                found = true;
            }
        }
        assert!(found, "schema/about.tsv: no version has {root}.{field}");
    }
}

/// What `schema/stored/` adds: a file for each area, any of which may extend a type that another extends too.
fn stored() -> Types {
    let entries = fs::read_dir("schema/stored").expect("schema/stored");
    let mut files: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    files.sort();
    let mut all = Types::new();
    for file in files {
        for (name, ty) in read(&[&format!("stored/{file}")]) {
            let known = all.entry(name.clone()).or_insert_with(|| Type { fields: BTreeMap::new(), ..ty.clone() });
            for (field, of) in ty.fields {
                let twice = known.fields.insert(field.clone(), of);
                assert!(twice.is_none(), "schema/stored/{file}: {name}.{field} is in another file too");
            }
        }
    }
    all
}

fn read(files: &[&str]) -> Types {
    let mut types = Types::new();
    for file in files {
        let path = format!("schema/{file}");
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        let document = parse_schema(text).unwrap_or_else(|error| panic!("{path}: {error}"));
        for definition in document.definitions {
            let TypeSystemDefinition::Type(ty) = definition else { panic!("{path}: only types are read") };
            let ty = ty.node;
            types.insert(ty.name.node.to_string(), type_of(&ty));
        }
    }
    types
}

fn type_of(ty: &TypeDefinition) -> Type {
    let about = |text: &Option<async_graphql_parser::Positioned<String>>| text.as_ref().map(|text| text.node.clone()).unwrap_or_default();
    let input = |input: &InputValueDefinition| FieldOf {
        ty: input.ty.node.to_string(),
        about: about(&input.description),
        deprecated: deprecated(&input.directives),
        default: input.default_value.as_ref().map(|value| value.node.to_string()),
        args: vec![],
        unannounced: false,
    };
    let mut made = Type { about: about(&ty.description), ..Type::default() };
    match &ty.kind {
        TypeKind::Scalar => made.kind = "Scalar",
        TypeKind::Object(object) => {
            made.kind = "Object";
            for field in &object.fields {
                let field = &field.node;
                let args = field.arguments.iter().map(|arg| (arg.node.name.node.to_string(), input(&arg.node))).collect();
                made.fields.insert(
                    field.name.node.to_string(),
                    FieldOf {
                        ty: field.ty.node.to_string(),
                        about: about(&field.description),
                        deprecated: deprecated(&field.directives),
                        default: None,
                        args,
                        unannounced: field.directives.iter().any(|directive| directive.node.name.node == "unannounced"),
                    },
                );
            }
        }
        TypeKind::InputObject(object) => {
            made.kind = "Input";
            for field in &object.fields {
                made.fields.insert(field.node.name.node.to_string(), input(&field.node));
            }
        }
        TypeKind::Enum(of) => {
            made.kind = "Enum";
            made.values = of
                .values
                .iter()
                .map(|value| (value.node.value.node.to_string(), deprecated(&value.node.directives), about(&value.node.description)))
                .collect();
        }
        TypeKind::Union(of) => {
            made.kind = "Union";
            made.members = of.members.iter().map(|member| member.node.to_string()).collect();
        }
        TypeKind::Interface(_) => panic!("Healthie publishes no interfaces"),
    }
    made
}

fn deprecated(directives: &[async_graphql_parser::Positioned<ConstDirective>]) -> Option<String> {
    let directive = directives.iter().find(|directive| directive.node.name.node == "deprecated")?;
    Some(match directive.node.get_argument("reason").map(|reason| &reason.node) {
        Some(async_graphql_value::ConstValue::String(reason)) => reason.clone(),
        _ => "No longer supported".to_owned(),
    })
}

fn base(ty: &str) -> &str {
    ty.trim_matches(['[', ']', '!'])
}

/// What the state keeps of a type: the columns of both versions and of `stored/`, each with its newest kind.
struct Shapes {
    ids: BTreeMap<String, usize>,
    list: Vec<Shape>,
}
struct Shape {
    name: String,
    kind: &'static str,
    columns: Vec<Column>,
    values: Vec<String>,
}
struct Column {
    name: String,
    sdl: String,
    base: &'static str,
    target: String,
    list: bool,
    args: Option<String>,
    published: bool,
    unannounced: bool,
}

impl Column {
    /// A published String that `stored/` declares again is kept as the date that it holds.
    fn narrow(&mut self, ty: &str, of: &FieldOf) {
        self.base = match (self.base, base(&of.ty)) {
            ("Text", "ISO8601Date") => "Date",
            ("Text", "ISO8601DateTime") => "Instant",
            _ => panic!("schema/stored: {ty}.{} is published already", self.name),
        };
    }
}

impl Shapes {
    fn merge(versions: &[Types], stored: &Types) -> Self {
        let mut shapes = BTreeMap::<String, Shape>::new();
        for name in BUILT_IN {
            shapes.insert(name.to_owned(), Shape { name: name.to_owned(), kind: "Scalar", columns: vec![], values: vec![] });
        }
        let newest_first: Vec<&Types> = versions.iter().rev().chain([stored]).collect();
        let all: BTreeSet<&String> = newest_first.iter().flat_map(|types| types.keys()).collect();
        for name in all {
            let found: Vec<&Type> = newest_first.iter().filter_map(|types| types.get(name)).collect();
            let mut columns = BTreeMap::<&str, Column>::new();
            let mut values: Vec<String> = vec![];
            for ty in &found {
                for (field, of) in &ty.fields {
                    if let Some(known) = columns.get_mut(field.as_str()) {
                        if stored.get(name).is_some_and(|extra| std::ptr::eq(extra, *ty)) {
                            known.narrow(name, of);
                        }
                        continue;
                    }
                    let published = !stored.get(name).is_some_and(|extra| std::ptr::eq(extra, *ty));
                    let args = (!of.args.is_empty()).then(|| format!("{name}.{field}"));
                    let mut column = column(field, of, &newest_first);
                    column.args = args;
                    column.published = published;
                    columns.insert(field, column);
                }
                for (value, _, _) in &ty.values {
                    if !values.contains(value) {
                        values.push(value.clone());
                    }
                }
            }
            shapes
                .insert(name.clone(), Shape { name: name.clone(), kind: found[0].kind, columns: columns.into_values().collect(), values });
            // The arguments of each field are an input of their own.
            let mut sets = BTreeMap::<String, BTreeMap<&str, Column>>::new();
            for ty in &found {
                for (field, of) in &ty.fields {
                    for (arg, of) in &of.args {
                        let set = sets.entry(format!("{name}.{field}")).or_default();
                        set.entry(arg).or_insert_with(|| column(arg, of, &newest_first));
                    }
                }
            }
            for (set, columns) in sets {
                shapes.insert(set.clone(), Shape { name: set, kind: "Args", columns: columns.into_values().collect(), values: vec![] });
            }
        }
        let list: Vec<Shape> = shapes.into_values().collect();
        let ids = list.iter().enumerate().map(|(at, shape)| (shape.name.clone(), at)).collect();
        Self { ids, list }
    }

    fn id(&self, name: &str) -> usize {
        *self.ids.get(name).unwrap_or_else(|| panic!("no type {name}"))
    }
}

fn column(name: &str, of: &FieldOf, types: &[&Types]) -> Column {
    let mut target = base(&of.ty).to_owned();
    let mut list = of.ty.contains('[');
    // A connection is how the newest version shows a list: what is kept is the list.
    if let Some(connection) = types.iter().find_map(|types| types.get(&target)).filter(|ty| ty.fields.contains_key("page_info")) {
        let nodes = connection.fields.get("nodes").unwrap_or_else(|| panic!("{target} has no nodes"));
        target = base(&nodes.ty).to_owned();
        list = true;
    }
    let kind_of = |name: &str| types.iter().find_map(|types| types.get(name)).map(|ty| ty.kind);
    let reference = name.ends_with("_id") && !NO_REFERENCES.contains(&name) && !list;
    let base = match target.as_str() {
        "ID" => "Id",
        "Int" | "String" if reference => "Id",
        "Int" => "Int",
        "Float" => "Float",
        "Boolean" => "Bool",
        "ISO8601Date" => "Date",
        "ISO8601DateTime" => "Instant",
        "JSON" => "Json",
        "Upload" => "Upload",
        _ => match kind_of(&target) {
            Some("Enum") => "Choice",
            Some("Object" | "Input" | "Union") => "Record",
            _ => "Text",
        },
    };
    Column { name: name.to_owned(), sdl: of.ty.clone(), base, target, list, args: None, published: true, unannounced: of.unannounced }
}

/// All text of the tables in one string, so that the tables hold offsets and the program starts without relocations.
#[derive(Default)]
struct Texts {
    all: String,
    known: BTreeMap<String, usize>,
}
impl Texts {
    fn add(&mut self, text: &str) -> String {
        let at = *self.known.entry(text.to_owned()).or_insert_with(|| {
            let at = self.all.len();
            self.all.push_str(text);
            at
        });
        format!("S({at},{})", text.len())
    }
}

fn tables(versions: &[Types], shapes: &Shapes) -> String {
    let mut texts = Texts::default();
    let mut out = String::new();

    let mut columns = String::new();
    let mut count = 0;
    let mut values = String::new();
    let mut value_count = 0;
    writeln!(out, "pub(super) static SHAPES: [Shape; {}] = [", shapes.list.len()).unwrap();
    for shape in &shapes.list {
        writeln!(
            out,
            "Shape{{name:{},kind:ShapeKind::{},columns:R({count},{}),values:R({value_count},{})}},",
            texts.add(&shape.name),
            shape.kind,
            shape.columns.len(),
            shape.values.len()
        )
        .unwrap();
        for column in &shape.columns {
            let args = column.args.as_ref().map_or("NONE".to_owned(), |args| format!("TypeId({})", shapes.id(args)));
            writeln!(
                columns,
                "Column{{name:{},base:Base::{},target:TypeId({}),list:{},args:{args},published:{},unannounced:{}}},",
                texts.add(&column.name),
                column.base,
                shapes.id(&column.target),
                column.list,
                column.published,
                column.unannounced
            )
            .unwrap();
            count += 1;
        }
        for value in &shape.values {
            write!(values, "{},", texts.add(value)).unwrap();
            value_count += 1;
        }
    }
    writeln!(out, "];\npub(super) static COLUMNS: [Column; {count}] = [\n{columns}];").unwrap();
    writeln!(out, "pub(super) static VALUES: [S; {value_count}] = [{values}];").unwrap();

    for (at, types) in versions.iter().enumerate() {
        version(&mut out, at, types, shapes, &mut texts);
    }
    events(&mut out, &mut texts);
    writeln!(out, "pub(super) static TEXT: &str = {:?};", texts.all).unwrap();
    out
}

fn version(out: &mut String, at: usize, types: &Types, shapes: &Shapes, texts: &mut Texts) {
    let (mut fields, mut inputs, mut values, mut members) = (String::new(), String::new(), String::new(), String::new());
    let (mut field_count, mut input_count, mut value_count, mut member_count) = (0, 0, 0, 0);
    let mut list = String::new();
    let mut index = vec!["NO".to_owned(); shapes.list.len()];
    let mut all: BTreeMap<&str, Type> = types.iter().map(|(name, ty)| (name.as_str(), ty.clone())).collect();
    for name in BUILT_IN {
        all.insert(name, Type { kind: "Scalar", ..Type::default() });
    }
    for (position, (name, ty)) in all.iter().enumerate() {
        index[shapes.id(name)] = position.to_string();
        let (first_field, first_input, first_value, first_member) = (field_count, input_count, value_count, member_count);
        let shape = &shapes.list[shapes.id(name)];
        let mut own_inputs = String::new();
        for (field, of) in &ty.fields {
            let slot = shape.columns.iter().position(|column| column.name == *field).expect("merged above");
            if ty.kind == "Input" {
                own_inputs += &input(field, of, slot, shapes, texts);
                continue;
            }
            let first_arg = input_count;
            let mut args_shape = "NONE".to_owned();
            if !of.args.is_empty() {
                let set = &shapes.list[shapes.id(&format!("{name}.{field}"))];
                args_shape = format!("TypeId({})", shapes.id(&set.name));
                let mut sorted: Vec<_> = of.args.iter().collect();
                sorted.sort_by(|a, b| a.0.cmp(&b.0));
                for (arg, of) in sorted {
                    let slot = set.columns.iter().position(|column| column.name == *arg).expect("merged above");
                    inputs += &input(arg, of, slot, shapes, texts);
                    input_count += 1;
                }
            }
            writeln!(
                fields,
                "FieldDef{{name:{},about:{},deprecated:{},ty:{},slot:{slot},args:R({first_arg},{}),args_shape:{args_shape}}},",
                texts.add(field),
                texts.add(&of.about),
                texts.add(of.deprecated.as_deref().unwrap_or_default()),
                type_ref(&of.ty, shapes),
                input_count - first_arg,
            )
            .unwrap();
            field_count += 1;
        }
        let own = if ty.kind == "Input" { ty.fields.len() } else { 0 };
        let inputs_at = if own > 0 { input_count } else { first_input };
        inputs += &own_inputs;
        input_count += own;
        for (value, deprecated, about) in &ty.values {
            writeln!(
                values,
                "EnumValueDef{{name:{},about:{},deprecated:{}}},",
                texts.add(value),
                texts.add(about),
                texts.add(deprecated.as_deref().unwrap_or_default())
            )
            .unwrap();
            value_count += 1;
        }
        for member in &ty.members {
            write!(members, "TypeId({}),", shapes.id(member)).unwrap();
            member_count += 1;
        }
        writeln!(
            list,
            "TypeDef{{id:TypeId({}),version:{at},name:{},about:{},kind:TypeKind::{},fields:R({first_field},{}),inputs:R({inputs_at},{own}),values:R({first_value},{}),members:R({first_member},{})}},",
            shapes.id(name),
            texts.add(name),
            texts.add(&ty.about),
            ty.kind,
            field_count - first_field,
            value_count - first_value,
            member_count - first_member,
        )
        .unwrap();
    }
    writeln!(out, "pub(super) static TYPES_{at}: [TypeDef; {}] = [\n{list}];", all.len()).unwrap();
    writeln!(out, "pub(super) static FIELDS_{at}: [FieldDef; {field_count}] = [\n{fields}];").unwrap();
    writeln!(out, "pub(super) static INPUTS_{at}: [InputDef; {input_count}] = [\n{inputs}];").unwrap();
    writeln!(out, "pub(super) static ENUM_VALUES_{at}: [EnumValueDef; {value_count}] = [\n{values}];").unwrap();
    writeln!(out, "pub(super) static MEMBERS_{at}: [TypeId; {member_count}] = [{members}];").unwrap();
    writeln!(out, "pub(super) static INDEX_{at}: [u16; {}] = [{}];", index.len(), index.join(",")).unwrap();
}

fn input(name: &str, of: &FieldOf, slot: usize, shapes: &Shapes, texts: &mut Texts) -> String {
    let default = of.default.as_ref().map_or("None".to_owned(), |default| format!("Some({})", texts.add(default)));
    format!(
        "InputDef{{name:{},about:{},deprecated:{},ty:{},slot:{slot},default:{default}}},\n",
        texts.add(name),
        texts.add(&of.about),
        texts.add(of.deprecated.as_deref().unwrap_or_default()),
        type_ref(&of.ty, shapes),
    )
}

/// Wrappers as two bits each, outermost lowest: 1 is non-null, 2 a list.
fn type_ref(ty: &str, shapes: &Shapes) -> String {
    fn wraps(ty: &str) -> u16 {
        if let Some(inner) = ty.strip_suffix('!') {
            1 | wraps(inner) << 2
        } else if let Some(inner) = ty.strip_prefix('[').and_then(|ty| ty.strip_suffix(']')) {
            2 | wraps(inner) << 2
        } else {
            0
        }
    }
    format!("TypeRef{{base:TypeId({}),wraps:{}}}", shapes.id(base(ty)), wraps(ty))
}

fn events(out: &mut String, texts: &mut Texts) {
    let (name, resource, none) = (texts.add("test.created"), texts.add("Test"), texts.add(""));
    let test = format!("EventDef{{name:{name},choice:{none},resource_type:{resource},extra:{none},in_short_list:false}}");
    writeln!(out, "pub(super) static TEST_EVENT: EventDef = {test};").unwrap();
    let text = fs::read_to_string("schema/webhook-events.tsv").expect("schema/webhook-events.tsv");
    let lines: Vec<Vec<&str>> = text.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect()).collect();
    writeln!(out, "pub(super) static EVENTS: [EventDef; {}] = [", lines.len()).unwrap();
    for line in &lines {
        let [event, resource, extra, short] = line[..] else { panic!("webhook-events.tsv: {line:?} has not four columns") };
        writeln!(
            out,
            "EventDef{{name:{},choice:{},resource_type:{},extra:{},in_short_list:{}}},",
            texts.add(event),
            texts.add(&event.replace('.', "_").to_uppercase()),
            texts.add(resource),
            texts.add(extra),
            short == "short"
        )
        .unwrap();
    }
    writeln!(out, "];").unwrap();
}

const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn", "else", "enum", "extern",
    "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv",
    "pub", "ref", "return", "static", "struct", "super", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual",
    "where", "while", "yield",
];

fn ident(name: &str) -> String {
    match name {
        "self" | "Self" => format!("{name}_"),
        name if KEYWORDS.contains(&name) => format!("r#{name}"),
        name => name.to_owned(),
    }
}

fn names(shapes: &Shapes) -> String {
    let mut out = String::new();
    let mut args = String::new();
    for (id, shape) in shapes.list.iter().enumerate() {
        if shape.name.starts_with("__") || shape.kind == "Scalar" || shape.kind == "Union" {
            continue;
        }
        if shape.kind == "Args" {
            if shape.name.starts_with("Mutation.") || shape.name.starts_with("__") {
                continue;
            }
            let marker = shape.name.strip_prefix("Query.").map_or_else(|| shape.name.replace('.', "_"), str::to_owned);
            marker_type(&mut args, &ident(&marker), id, shape, shapes);
            continue;
        }
        marker_type(&mut out, &ident(&shape.name), id, shape, shapes);
    }
    format!(
        "{out}\n/// The arguments of fields: of root fields by their name, of others as `Type_field`.\npub mod args {{\nuse super::*;\n{args}}}\n"
    )
}

fn marker_type(out: &mut String, marker: &str, id: usize, shape: &Shape, shapes: &Shapes) {
    writeln!(out, "pub struct {marker};\nimpl Named for {marker} {{ const TYPE: TypeId = TypeId({id}); }}\nimpl {marker} {{").unwrap();
    for (slot, column) in shape.columns.iter().enumerate() {
        let name = &column.name;
        let handle = match shape.name.as_str() {
            "Mutation" => {
                let set = column.args.as_ref().map(|args| &shapes.list[shapes.id(args)]);
                let input = set.and_then(|set| set.columns.iter().find(|column| column.name == "input"));
                let input = input.map_or("()".to_owned(), |column| ident(&column.target));
                format!("MutationField<{input}> = MutationField::new({slot})")
            }
            "Query" | "Subscription" => {
                let args = column.args.as_ref().map_or("()".to_owned(), |_| {
                    format!("args::{}", if shape.name == "Query" { ident(name) } else { format!("Subscription_{name}") })
                });
                format!("QueryField<{args}> = QueryField::new({slot})")
            }
            _ => format!("Field<{marker}, {}> = Field::new({slot})", rust_kind(column, shapes)),
        };
        writeln!(out, "    /// `{}`\n    pub const {}: {handle};", column.sdl, ident(name)).unwrap();
    }
    for value in &shape.values {
        writeln!(out, "    pub const {}: EnumValue<{marker}> = EnumValue::new({value:?});", ident(value)).unwrap();
    }
    writeln!(out, "}}").unwrap();
}

fn rust_kind(column: &Column, shapes: &Shapes) -> String {
    let one = match column.base {
        "Record" if shapes.list[shapes.id(&column.target)].kind == "Union" => "AnyOf".to_owned(),
        "Record" => format!("One<{}>", ident(&column.target)),
        "Choice" => format!("Choice<{}>", ident(&column.target)),
        base => base.to_owned(),
    };
    if column.list { format!("Many<{one}>") } else { one }
}
