//! Runs a plan on one snapshot, by the specification's algorithms: bytes for the data, entries for the errors.

use super::{
    coerce::{self, Variables},
    error::{GraphqlError, PathSegment},
    introspect::{self, Meta, Shown},
    plan::{Below, Evaluated, Part, Plan, Selected, Selection},
    render,
};
use crate::engine::{
    Answer, Catalogue, Collection, How, HowAsked, Lifted, Made, NO_ROOM, Outcome, Page, Reading, Refusal, Scene, World, files, one, table,
};
use crate::schema::names::{FieldError, Query};
use crate::schema::{Base, Named, Schema, ShapeKind, Slot, TypeDef, TypeId, TypeRef};
use crate::state::{Record, State, Value};
use async_graphql_parser::types::OperationType;
use std::sync::{Arc, atomic::Ordering::Relaxed};

/// How every executed answer starts, or goes on behind its errors.
const DATA: &[u8] = b"{\"data\":";

/// What a run leaves.
pub struct Run {
    /// `{"data":` and the value, without the closing brace: most answers are no more than that.
    pub data: Vec<u8>,
    pub errors: Vec<GraphqlError>,
    pub commits: Vec<u64>,
    pub unknown_id: bool,
    pub without_effect: Vec<String>,
    pub assumed: Vec<String>,
}

const MOST_ERRORS: usize = 100_000;
pub const TOO_LONG: &str = "The answer is too long: over 256 MiB, or over 100,000 errors. Ask for less at a time";

/// A null where none may be: the nearest field that may be null becomes null.
struct Bubble;
type Completed = Result<(), Bubble>;

/// Where fields are looked up.
#[derive(Clone, Copy)]
enum Node<'a> {
    Record(&'a Arc<Record>, Option<&'a Page>),
    Object(TypeId, &'a [(Slot, Answer)]),
    Page(&'a Page),
    Edge(&'a Page, &'a Arc<Record>),
    Meta(Meta),
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

/// Answers no longer than `most` bytes.
pub fn execute(plan: &Plan, world: &World, scene: &Scene, variables: &Variables, most: usize) -> Run {
    let snapshot = world.snapshot();
    let mut data = Vec::with_capacity(plan.last_size.load(Relaxed) + 64);
    data.extend_from_slice(DATA);
    let mut run = Run { data, errors: vec![], commits: vec![], unknown_id: false, without_effect: vec![], assumed: vec![] };
    let none = Catalogue::no_arguments(FieldError::TYPE);
    let mut executor = Executor {
        plan,
        world,
        variables,
        none: &none,
        out: &mut run.data,
        errors: &mut run.errors,
        path: vec![],
        commits: &mut run.commits,
        unknown_id: &mut run.unknown_id,
        asked: vec![],
        without_effect: vec![],
        assumed: &mut run.assumed,
        most,
        is_too_long: false,
    };
    let completed = executor.roots(&snapshot.state, scene);
    let is_too_long = executor.is_too_long;
    let asked = std::mem::take(&mut executor.asked);
    let without_effect = std::mem::take(&mut executor.without_effect);
    if is_too_long {
        run.errors = vec![GraphqlError::new(TOO_LONG)];
    }
    if is_too_long || completed.is_err() {
        run.data.truncate(DATA.len());
        render::null(&mut run.data);
    }
    plan.last_size.store(run.data.len(), Relaxed);
    run.without_effect = without_effect;
    for (slot, args) in asked {
        let lifted = args.as_ref().map(|args| args.lift(&scene.viewer.zone));
        run.commits.extend(world.leave(slot, lifted.as_ref().unwrap_or(&none), scene));
    }
    run
}

/// Answers the one field of a subscription with `answer`, for something that led to `state`. None where it comes to null.
pub fn event(plan: &Plan, answer: &Answer, world: &World, state: &State, scene: &Scene, variables: &Variables, most: usize) -> Option<Run> {
    let mut data = Vec::with_capacity(plan.last_size.load(Relaxed) + 64);
    data.extend_from_slice(DATA);
    let mut run = Run { data, errors: vec![], commits: vec![], unknown_id: false, without_effect: vec![], assumed: vec![] };
    let none = Catalogue::no_arguments(FieldError::TYPE);
    let mut executor = Executor {
        plan,
        world,
        variables,
        none: &none,
        out: &mut run.data,
        errors: &mut run.errors,
        path: vec![],
        commits: &mut run.commits,
        unknown_id: &mut run.unknown_id,
        asked: vec![],
        without_effect: vec![],
        assumed: &mut run.assumed,
        most,
        is_too_long: false,
    };
    let mut is_shown = false;
    let completed = executor.each(&plan.roots, |this, field| {
        let start = this.out.len();
        let completed = this.value(Reading { state, scene }, field, field.def.ty, answer);
        is_shown = completed.is_ok() && &this.out[start..] != b"null";
        completed
    });
    plan.last_size.store(run.data.len(), Relaxed);
    (completed.is_ok() && is_shown).then_some(run)
}

/// As [`execute`], for a plan of fields of `ty` instead of a root's, asked of one record.
#[cfg(test)]
pub fn execute_on(plan: &Plan, ty: &'static TypeDef, record: &Arc<Record>, world: &World, scene: &Scene) -> Run {
    let snapshot = world.snapshot();
    let variables = Variables::default();
    let none = Catalogue::no_arguments(FieldError::TYPE);
    let mut run = Run { data: vec![], errors: vec![], commits: vec![], unknown_id: false, without_effect: vec![], assumed: vec![] };
    let mut executor = Executor {
        plan,
        world,
        variables: &variables,
        none: &none,
        out: &mut run.data,
        errors: &mut run.errors,
        path: vec![],
        commits: &mut run.commits,
        unknown_id: &mut run.unknown_id,
        asked: vec![],
        without_effect: vec![],
        assumed: &mut run.assumed,
        most: usize::MAX,
        is_too_long: false,
    };
    let completed = executor.object(Reading { state: &snapshot.state, scene }, ty, &plan.roots, Node::Record(record, None));
    assert!(completed.is_ok(), "{} has a null where it may have none", ty.name());
    run
}

/// True where an argument says what goes without saying.
pub fn is_default(schema: Schema, field: &Selected, name: &str, sent: Option<&Evaluated>) -> bool {
    let Some(def) = field.def.arg(schema.version(), name) else { return false };
    sent.and_then(|sent| sent.get(name)) == coerce::default(schema, def).as_ref()
}

struct Executor<'a> {
    plan: &'a Plan,
    world: &'a World,
    variables: &'a Variables,
    /// Stands for the arguments of a field that has none.
    none: &'a Lifted,
    out: &'a mut Vec<u8>,
    errors: &'a mut Vec<GraphqlError>,
    path: Vec<Step<'a>>,
    commits: &'a mut Vec<u64>,
    unknown_id: &'a mut bool,
    /// The queries that may leave something behind, and their arguments.
    asked: Vec<(Slot, Option<Evaluated>)>,
    /// Arguments and input fields that were accepted and changed nothing.
    without_effect: Vec<String>,
    /// Texts of refusals that are our assumption.
    assumed: &'a mut Vec<String>,
    most: usize,
    /// Nothing is added any more.
    is_too_long: bool,
}

impl<'a> Executor<'a> {
    fn roots(&mut self, state: &State, scene: &'a Scene) -> Completed {
        let plan = self.plan;
        let mut state = state.clone();
        self.each(&plan.roots, |this, field| match plan.kind {
            OperationType::Query => this.query(Reading { state: &state, scene }, field),
            OperationType::Mutation => {
                let (after, completed) = this.mutation(&state, scene, field);
                state = after;
                completed
            }
            OperationType::Subscription if field.part == Part::Typename => {
                render::typename(this.out, field.parent.id);
                Ok(())
            }
            OperationType::Subscription => {
                this.error(field, "Subscriptions are answered over the WebSocket at /subscriptions", None);
                this.nothing(scene, field)
            }
        })
    }

    /// Err once the answer is longer than any may be; every field and item asks.
    fn has_room(&mut self) -> Completed {
        self.is_too_long |= self.out.len() > self.most || self.errors.len() > MOST_ERRORS;
        if self.is_too_long { Err(Bubble) } else { Ok(()) }
    }

    /// `{`, every included field by `complete`, `}`.
    fn each(&mut self, selection: &'a Selection, mut complete: impl FnMut(&mut Self, &'a Selected) -> Completed) -> Completed {
        self.out.push(b'{');
        let mut first = true;
        for field in &selection.fields {
            if !field.is_included(self.variables) {
                continue;
            }
            self.has_room()?;
            if !first {
                self.out.push(b',');
            }
            first = false;
            self.out.extend_from_slice(&field.label);
            let start = self.out.len();
            self.path.push(Step::Key(&field.key));
            let completed = complete(self, field);
            self.path.pop();
            if completed.is_err() {
                if field.def.ty.is_non_null() {
                    return Err(Bubble);
                }
                self.out.truncate(start);
                render::null(self.out);
            }
        }
        self.out.push(b'}');
        Ok(())
    }

    fn query(&mut self, on: Reading<'_>, field: &'a Selected) -> Completed {
        if field.part == Part::Typename {
            render::typename(self.out, field.parent.id);
            return Ok(());
        }
        if let Some(failed) = self.fails(on.scene, field) {
            return failed;
        }
        let args = match field.args.evaluate(self.plan.schema, self.variables) {
            Ok(args) => args,
            Err(error) => return self.failed(error),
        };
        match field.def.ty.base.name() {
            "__Schema" => return self.meta_value(on, field, Shown::One(Meta::Schema)),
            "__Type" => {
                let name = args.as_ref().and_then(|args| args.get("name")).and_then(Value::as_str).unwrap_or_default();
                let shown = introspect::named(self.plan.schema, name).map_or(Shown::Null, Shown::One);
                return self.meta_value(on, field, shown);
            }
            _ => {}
        }
        let Some(rules) = on.scene.catalogue.query(field.def.slot) else { return self.not_emulated(on.scene, field) };
        let viewer = on.viewer();
        // Flags are members': what a patient may see is said of each record.
        let lacks = |flag| viewer.is_member() && !viewer.may_slot(flag);
        let barred = viewer.user.is_none() && !rules.public || rules.needs.is_some_and(lacks);
        if barred {
            return self.barred(on, field, &rules.how);
        }
        let sent = args;
        let lifted = sent.as_ref().map(|args| args.lift(&viewer.zone));
        let lifted = lifted.as_ref().unwrap_or(self.none);
        let answer = match &rules.how {
            HowAsked::Get(of) => Ok(one(*of, on, lifted).map_or(Answer::NULL, |record| Answer::Record(*of, record))),
            HowAsked::List(list) => {
                let (connection, wants_total) = asked_of_list(field);
                list.page(on, lifted, connection, wants_total).map(Answer::Page).map_err(|bad| bad.0)
            }
            HowAsked::Count(of) => {
                let list = on.scene.catalogue.list(*of).expect("counts() names a list of the same area");
                list.count(on, &as_of_list(lifted, *of)).map(|count| Answer::Value(Value::Int(count as i64))).map_err(|bad| bad.0)
            }
            HowAsked::Own(rule) => rule(on, lifted).map_err(|error| error.0),
        };
        if rules.effect.is_some() {
            self.asked.push((field.def.slot, sent.clone()));
        }
        // A count has the arguments of its list, not all of which it reads.
        if !matches!(rules.how, HowAsked::Count(_))
            && let Err(told) = self.note(on.scene, field, field.name(), lifted)
        {
            return told;
        }
        match answer {
            Ok(answer) => self.value(on, field, field.def.ty, &answer),
            Err(message) => self.failed(GraphqlError::new(message).at(field.pos)),
        }
    }

    /// Notes the arguments that had no effect, for the request log; Err is how the field is completed where a strict scene
    /// makes an error of them. `name` is what the field is called in the log.
    fn note(&mut self, scene: &Scene, field: &'a Selected, name: &str, lifted: &Lifted) -> Result<(), Completed> {
        let ignored = lifted.without_effect();
        if ignored.is_empty() {
            return Ok(());
        }
        let sent = field.args.evaluate(self.plan.schema, self.variables).ok().flatten();
        let ignored = ignored.into_iter().filter(|arg| !is_default(self.plan.schema, field, arg, sent.as_ref()));
        let ignored: Vec<String> = ignored.map(|arg| format!("{name}.{arg}")).collect();
        let told = self.tell(scene, field, &ignored);
        self.without_effect.extend(ignored);
        if told { Err(self.nothing(scene, field)) } else { Ok(()) }
    }

    /// In a strict scene: an error for each name; true where there was one to tell.
    fn tell(&mut self, scene: &Scene, field: &Selected, ignored: &[String]) -> bool {
        for name in ignored.iter().filter(|_| scene.strict) {
            self.error(field, &format!("{name} is accepted by healthie-mock but has no effect"), Some("WITHOUT_EFFECT"));
        }
        scene.strict && !ignored.is_empty()
    }

    fn mutation(&mut self, state: &State, scene: &'a Scene, field: &'a Selected) -> (State, Completed) {
        if field.part == Part::Typename {
            render::typename(self.out, field.parent.id);
            return (state.clone(), Ok(()));
        }
        if let Some(failed) = self.fails(scene, field) {
            return (state.clone(), failed);
        }
        let args = match field.args.evaluate(self.plan.schema, self.variables) {
            Ok(args) => args,
            Err(error) => return (state.clone(), self.failed(error)),
        };
        let input = args.as_ref().and_then(|args| args.get("input"));
        let of = field.def.arg(self.plan.schema.version(), "input").map(|input| self.plan.schema.of(input.ty));
        let by_default = |name: &str| {
            let def = of.and_then(|of| of.input(name));
            def.is_some_and(|def| input.and_then(|input| input.field(def.slot)) == coerce::default(self.plan.schema, def).as_ref())
        };
        let Some(outcome) = self.world.mutate(field.def.slot, input, scene, &by_default) else {
            return (state.clone(), self.not_emulated(scene, field));
        };
        let Outcome { result, state, commit, without_effect } = outcome;
        self.commits.extend(commit);
        *self.unknown_id |= result.as_ref().is_err_and(Refusal::is_unknown_id);
        if result.as_ref().is_err_and(Refusal::is_no_room) {
            self.error(field, NO_ROOM, Some("NO_ROOM"));
        }
        let ignored: Vec<String> = without_effect.iter().map(|name| format!("{}.input.{name}", field.name())).collect();
        let told = self.tell(scene, field, &ignored);
        self.without_effect.extend(ignored);
        if told {
            let completed = self.nothing(scene, field);
            return (state, completed);
        }
        if let Err(refusal) = &result {
            self.assumed.extend(refusal.assumed().map(|entry| format!("{}.messages.{entry}", field.name())));
        }
        if let (Below::Union(_), Err(refusal)) = (&field.below, &result) {
            // Documented: the sharing mutations have no payload. Assumed: what they refuse is an error.
            let messages: Vec<&str> = refusal.entries.iter().map(|(_, message)| message.as_str()).collect();
            self.error(field, &messages.join(", "), None);
        }
        let answer = payload(field.def.ty.base, &result, scene);
        let reader = result.ok().and_then(|made| made.reader).map(|viewer| Scene { viewer, ..scene.clone() });
        let completed = self.value(Reading { state: &state, scene: reader.as_ref().unwrap_or(scene) }, field, field.def.ty, &answer);
        (state, completed)
    }

    /// Documented: to those who may not ask, lists are empty; assumed of how many they have. Everything else is null.
    fn barred(&mut self, on: Reading<'_>, field: &'a Selected, how: &HowAsked) -> Completed {
        let answer = match how {
            HowAsked::List(list) => Answer::Page(Page::whole(list.of, vec![])),
            HowAsked::Count(_) => Answer::Value(Value::Int(0)),
            HowAsked::Own(_) if field.def.ty.is_list() => Answer::List(vec![]),
            HowAsked::Get(_) | HowAsked::Own(_) => return self.nothing(on.scene, field),
        };
        self.value(on, field, field.def.ty, &answer)
    }

    /// CompleteValue.
    fn value(&mut self, on: Reading<'_>, field: &'a Selected, ty: TypeRef, answer: &Answer) -> Completed {
        if let Some(item) = ty.item() {
            return self.list(on, field, ty, item, answer);
        }
        match (&field.below, answer) {
            (_, Answer::Value(Value::Null)) => self.absent(on.scene, field, ty),
            (Below::Leaf(leaf), Answer::Value(value)) => self.leaf(on, *leaf, ty, value),
            (Below::Object(of, selection), Answer::Record(_, record)) => self.object(on, of, selection, Node::Record(record, None)),
            (Below::Object(of, selection), Answer::Object(ty, values)) => self.object(on, of, selection, Node::Object(*ty, values)),
            (Below::Object(of, selection), Answer::Page(page)) => self.object(on, of, selection, Node::Page(page)),
            // A list where the version shows a connection.
            (Below::Object(of, selection), Answer::List(items)) => {
                let page = whole(items, of.id);
                self.object(on, of, selection, Node::Page(&page))
            }
            (Below::Union(members), Answer::Record(ty, _) | Answer::Object(ty, _)) => {
                let Some((of, selection)) = members.iter().find(|(member, _)| member.id == *ty) else {
                    return self.absent(on.scene, field, field.def.ty);
                };
                match answer {
                    Answer::Record(_, record) => self.object(on, of, selection, Node::Record(record, None)),
                    Answer::Object(ty, values) => self.object(on, of, selection, Node::Object(*ty, values)),
                    _ => self.absent(on.scene, field, field.def.ty),
                }
            }
            _ => self.absent(on.scene, field, ty),
        }
    }

    fn list(&mut self, on: Reading<'_>, field: &'a Selected, ty: TypeRef, item: TypeRef, answer: &Answer) -> Completed {
        match answer {
            Answer::List(items) => self.items(items.len(), item, |this, at| this.value(on, field, item, &items[at])),
            Answer::Value(Value::List(items)) => {
                self.items(items.len(), item, |this, at| this.value(on, field, item, &Answer::Value(items[at].clone())))
            }
            Answer::Page(page) => {
                let Below::Object(of, selection) = &field.below else { return self.absent(on.scene, field, ty) };
                self.items(page.rows.len(), item, |this, at| this.object(on, of, selection, Node::Record(&page.rows[at], Some(page))))
            }
            _ => self.absent(on.scene, field, ty),
        }
    }

    fn items(&mut self, count: usize, ty: TypeRef, mut complete: impl FnMut(&mut Self, usize) -> Completed) -> Completed {
        self.out.push(b'[');
        for at in 0..count {
            self.has_room()?;
            if at > 0 {
                self.out.push(b',');
            }
            let start = self.out.len();
            self.path.push(Step::Index(at));
            let completed = complete(self, at);
            self.path.pop();
            if completed.is_err() {
                if ty.is_non_null() {
                    return Err(Bubble);
                }
                self.out.truncate(start);
                render::null(self.out);
            }
        }
        self.out.push(b']');
        Ok(())
    }

    fn leaf(&mut self, on: Reading<'_>, leaf: render::Leaf, ty: TypeRef, value: &Value) -> Completed {
        let start = self.out.len();
        leaf.write(self.out, value, &on.viewer().zone);
        if ty.is_non_null() && self.out.ends_with(b"null") && self.out.len() == start + 4 {
            self.out.truncate(start);
            leaf.write_default(self.out, on.now(), &on.viewer().zone);
        }
        Ok(())
    }

    fn object(&mut self, on: Reading<'_>, of: &'static TypeDef, selection: &'a Selection, node: Node<'_>) -> Completed {
        self.each(selection, |this, field| {
            if field.part == Part::Typename {
                render::typename(this.out, of.id);
                return Ok(());
            }
            match node {
                Node::Record(record, page) => this.of_record(on, field, record, page),
                Node::Object(ty, values) => match values.iter().find(|(slot, _)| *slot == field.def.slot && ty == of.id) {
                    Some((_, answer)) => this.value(on, field, field.def.ty, answer),
                    None => this.absent(on.scene, field, field.def.ty),
                },
                Node::Page(page) => this.of_page(on, field, page),
                Node::Edge(page, record) => match field.part {
                    Part::Node => this.record(on, field, record, page),
                    Part::Cursor => this.text(&page.cursor(on, record)),
                    _ => this.absent(on.scene, field, field.def.ty),
                },
                Node::Meta(meta) => {
                    let wants = field.args.evaluate(this.plan.schema, this.variables);
                    let wants = wants.ok().flatten().and_then(|args| args.get("includeDeprecated").and_then(Value::as_bool));
                    let shown = meta.show(this.plan.schema, field.name(), wants == Some(true));
                    this.meta_value(on, field, shown)
                }
            }
        })
    }

    fn of_record(&mut self, on: Reading<'_>, field: &'a Selected, record: &Arc<Record>, page: Option<&Page>) -> Completed {
        if field.part == Part::Cursor {
            let whole;
            let page = match page {
                Some(page) => page,
                None => {
                    whole = Page::whole(field.parent.id, vec![]);
                    &whole
                }
            };
            return self.text(&page.cursor(on, record));
        }
        match &field.how {
            How::Stored(slot) => match &field.below {
                Below::Leaf(leaf) if field.part == Part::Id => self.leaf(on, *leaf, field.def.ty, &Value::Id(record.id())),
                Below::Leaf(leaf) if !field.def.ty.is_list() => match record.get(*slot) {
                    Value::Null => self.absent(on.scene, field, field.def.ty),
                    Value::File(file) if *leaf != render::Leaf::Nothing => {
                        let name = files::name_or(file, files::stem(field.name()));
                        self.text(&files::link(on.scene, field.parent.id, record.id(), *slot, &name))
                    }
                    value => self.leaf(on, *leaf, field.def.ty, value),
                },
                _ => self.value(on, field, field.def.ty, &Answer::Value(record.get(*slot).clone())),
            },
            How::Computed(rule) => {
                let lifted = match self.lifted(on, field) {
                    Ok(lifted) => lifted,
                    Err(error) => return self.failed(error),
                };
                let answer = rule(on, record, lifted.as_ref().unwrap_or(self.none));
                self.cut(on, field, lifted.as_ref(), answer)
            }
            How::Reference(key, target) => {
                let found =
                    record.get(*key).as_id().and_then(|id| on.state.get(table(*target), id)).filter(|found| on.may_see(*target, found));
                match (found, &field.below) {
                    (Some(found), Below::Object(of, selection)) => self.object(on, of, selection, Node::Record(found, None)),
                    (Some(found), Below::Union(_)) => self.value(on, field, field.def.ty, &Answer::Record(*target, found.clone())),
                    _ => self.absent(on.scene, field, field.def.ty),
                }
            }
            How::Partner(key, pointing) => {
                let own = record.get(*key).as_id().and_then(|id| on.state.get(table(pointing.of), id)).cloned();
                let found = own.filter(|found| on.may_see(pointing.of, found)).or_else(|| collected(on, *pointing, record.id()).pop());
                let answer = found.map_or(Answer::NULL, |found| Answer::Record(pointing.of, found));
                self.value(on, field, field.def.ty, &answer)
            }
            How::Several(slot, of) => {
                let lifted = match self.lifted(on, field) {
                    Ok(lifted) => lifted,
                    Err(error) => return self.failed(error),
                };
                let ids = record.get(*slot).as_list().unwrap_or_default().iter().filter_map(Value::as_id);
                let rows = ids.filter_map(|id| on.state.get(table(*of), id)).filter(|found| on.may_see(*of, found)).cloned();
                let page = Page::whole(*of, rows.collect());
                self.cut(on, field, lifted.as_ref(), Answer::Page(page))
            }
            How::Collection(collection) => {
                let lifted = match self.lifted(on, field) {
                    Ok(lifted) => lifted,
                    Err(error) => return self.failed(error),
                };
                let rows = collected(on, *collection, record.id());
                self.cut(on, field, lifted.as_ref(), Answer::Page(Page::whole(collection.of, rows)))
            }
            How::Unfilled => self.absent(on.scene, field, field.def.ty),
        }
    }

    /// Completes a record's field, by the page that its arguments ask for where it is a list.
    fn cut(&mut self, on: Reading<'_>, field: &'a Selected, args: Option<&Lifted>, answer: Answer) -> Completed {
        let Some(args) = args else { return self.value(on, field, field.def.ty, &answer) };
        let pages = ["first", "offset"].iter().any(|arg| field.def.arg(self.plan.schema.version(), arg).is_some());
        let (connection, _) = asked_of_list(field);
        let page = match answer {
            Answer::Page(page) if pages => page.cut(on, args, connection),
            Answer::List(items) if pages => whole(&items, field.parent.id).cut(on, args, connection),
            answer => {
                let noted = self.note_below(on.scene, field, args);
                return noted.map_or_else(|told| told, |()| self.value(on, field, field.def.ty, &answer));
            }
        };
        match page {
            Ok(page) => {
                let noted = self.note_below(on.scene, field, args);
                noted.map_or_else(|told| told, |()| self.value(on, field, field.def.ty, &Answer::Page(page)))
            }
            Err(bad) => self.failed(GraphqlError::new(bad.0).at(field.pos)),
        }
    }

    /// As [`Executor::note`], for a field of a record, once for all records.
    fn note_below(&mut self, scene: &Scene, field: &'a Selected, args: &Lifted) -> Result<(), Completed> {
        let name = format!("{}.{}", field.parent.name(), field.name());
        let is_noted = self.without_effect.iter().any(|noted| noted.strip_prefix(&name).is_some_and(|rest| rest.starts_with('.')));
        if is_noted && !scene.strict { Ok(()) } else { self.note(scene, field, &name, args) }
    }

    fn lifted(&self, on: Reading<'_>, field: &Selected) -> Result<Option<Lifted>, GraphqlError> {
        let args = field.args.evaluate(self.plan.schema, self.variables)?;
        Ok(args.map(|args| args.lift(&on.viewer().zone)))
    }

    fn of_page(&mut self, on: Reading<'_>, field: &'a Selected, page: &Page) -> Completed {
        match (field.part, &field.below) {
            (Part::Nodes, Below::Object(of, selection)) => {
                let item = field.def.ty.item().unwrap_or(field.def.ty);
                self.items(page.rows.len(), item, |this, at| this.object(on, of, selection, Node::Record(&page.rows[at], Some(page))))
            }
            (Part::Edges, Below::Object(of, selection)) => {
                let item = field.def.ty.item().unwrap_or(field.def.ty);
                self.items(page.rows.len(), item, |this, at| this.object(on, of, selection, Node::Edge(page, &page.rows[at])))
            }
            (Part::PageInfo, Below::Object(of, selection)) => self.object(on, of, selection, Node::Page(page)),
            (Part::TotalCount, Below::Leaf(leaf)) => {
                let total = page.total.unwrap_or(page.rows.len());
                self.leaf(on, *leaf, field.def.ty, &Value::Int(total as i64))
            }
            (Part::HasNext, Below::Leaf(leaf)) => self.leaf(on, *leaf, field.def.ty, &Value::Bool(page.has_next)),
            (Part::HasPrevious, Below::Leaf(leaf)) => self.leaf(on, *leaf, field.def.ty, &Value::Bool(page.has_previous)),
            (Part::StartCursor, _) => self.cursor(on, field, page, page.rows.first()),
            (Part::EndCursor, _) => self.cursor(on, field, page, page.rows.last()),
            _ => self.absent(on.scene, field, field.def.ty),
        }
    }

    fn record(&mut self, on: Reading<'_>, field: &'a Selected, record: &Arc<Record>, page: &Page) -> Completed {
        match &field.below {
            Below::Object(of, selection) => self.object(on, of, selection, Node::Record(record, Some(page))),
            Below::Leaf(_) | Below::Union(_) => self.absent(on.scene, field, field.def.ty),
        }
    }

    fn cursor(&mut self, on: Reading<'_>, field: &'a Selected, page: &Page, record: Option<&Arc<Record>>) -> Completed {
        match record {
            Some(record) => self.text(&page.cursor(on, record)),
            None => self.absent(on.scene, field, field.def.ty),
        }
    }

    fn text(&mut self, text: &str) -> Completed {
        render::string(self.out, text);
        Ok(())
    }

    fn meta_value(&mut self, on: Reading<'_>, field: &'a Selected, shown: Shown) -> Completed {
        match (shown, &field.below) {
            (Shown::Flag(yes), _) => self.out.extend_from_slice(if yes { b"true" } else { b"false" }),
            (Shown::Text(text), _) => render::string(self.out, &text),
            (Shown::Names(names), _) => {
                let names: Vec<Answer> = names.iter().map(|name| Answer::Value(Value::text(name))).collect();
                return self.value(on, field, field.def.ty, &Answer::List(names));
            }
            (Shown::One(meta), Below::Object(of, selection)) => return self.object(on, of, selection, Node::Meta(meta)),
            (Shown::Many(metas), Below::Object(of, selection)) => {
                let item = field.def.ty.item().unwrap_or(field.def.ty);
                return self.items(metas.len(), item, |this, at| this.object(on, of, selection, Node::Meta(metas[at])));
            }
            _ => render::null(self.out),
        }
        Ok(())
    }

    /// Null where the type allows it; where it promises a value that nothing fills, the declared default: an empty list,
    /// false, 0, an empty text, or an object of such. The request log names those fields.
    fn absent(&mut self, scene: &Scene, field: &'a Selected, ty: TypeRef) -> Completed {
        if !ty.is_non_null() {
            render::null(self.out);
            return Ok(());
        }
        if ty.is_list() {
            self.out.extend_from_slice(b"[]");
            return Ok(());
        }
        match &field.below {
            Below::Leaf(leaf) => {
                leaf.write_default(self.out, scene.now, &scene.viewer.zone);
                Ok(())
            }
            Below::Object(_, selection) => self.empty(scene, selection),
            Below::Union(members) => match members.first() {
                Some((_, selection)) => self.empty(scene, selection),
                None => Err(Bubble),
            },
        }
    }

    /// An object that holds nothing.
    fn empty(&mut self, scene: &Scene, selection: &'a Selection) -> Completed {
        self.each(selection, |this, field| match field.part {
            Part::Typename => {
                render::typename(this.out, field.parent.id);
                Ok(())
            }
            _ => this.absent(scene, field, field.def.ty),
        })
    }

    /// What a root field answers with when there is nothing for this viewer.
    fn nothing(&mut self, scene: &Scene, field: &'a Selected) -> Completed {
        self.absent(scene, field, field.def.ty)
    }

    /// Completes a root field that fails on purpose.
    fn fails(&mut self, scene: &Scene, field: &'a Selected) -> Option<Completed> {
        let failing = scene.failing.as_ref().filter(|failing| failing.field == field.name())?;
        self.error(field, &failing.message, failing.code.as_deref());
        Some(self.nothing(scene, field))
    }

    fn not_emulated(&mut self, scene: &Scene, field: &'a Selected) -> Completed {
        let message = format!("{}.{} is not emulated by healthie-mock", field.parent.name(), field.name());
        self.error(field, &message, Some("NOT_EMULATED"));
        self.nothing(scene, field)
    }

    /// An error in place of a value: null, or no parent where that may not be.
    fn failed(&mut self, mut error: GraphqlError) -> Completed {
        error.path = Some(self.path());
        self.errors.push(error);
        Err(Bubble)
    }

    fn error(&mut self, field: &Selected, message: &str, code: Option<&str>) {
        let error = GraphqlError::new(message).at(field.pos).under(self.path());
        self.errors.push(match code {
            Some(code) => error.code(code),
            None => error,
        });
    }

    fn path(&self) -> Vec<PathSegment> {
        let segment = |step: &Step<'_>| match step {
            Step::Key(key) => PathSegment::from(*key),
            Step::Index(index) => PathSegment::from(*index),
        };
        self.path.iter().map(segment).collect()
    }
}

/// Whether the version shows the list as a connection, and whether its total is asked for.
fn asked_of_list(field: &Selected) -> (bool, bool) {
    match &field.below {
        Below::Object(of, selection) if of.field("page_info").is_some() => (true, selection.asks_for(Part::TotalCount)),
        _ => (false, false),
    }
}

/// Records as the only page of a list.
fn whole(items: &[Answer], of: TypeId) -> Page {
    let records = items.iter().filter_map(|item| if let Answer::Record(ty, record) = item { Some((*ty, record.clone())) } else { None });
    let (types, rows): (Vec<TypeId>, Vec<Arc<Record>>) = records.unzip();
    Page::whole(types.first().copied().unwrap_or(of), rows)
}

/// The records that point to `id`, as far as the viewer may see them.
fn collected(on: Reading<'_>, collection: Collection, id: u64) -> Vec<Arc<Record>> {
    let of = table(collection.of);
    let Some(index) = on.state.exact_index(of, &[collection.by], &[]) else { return vec![] };
    let found = on.state.find(of, index, &[Value::Id(id)], false, None);
    found.filter(|record| on.may_see(collection.of, record)).cloned().collect()
}

/// A mutation's payload: its record and what else it says, or why nothing was done. `messages` is null on success
/// (observed: a client takes an empty list for a failure).
fn payload(of: TypeId, result: &Result<Made, Refusal>, scene: &Scene) -> Answer {
    let shape = of.shape();
    match result {
        Ok(Made { record: Some((ty, record)), .. }) if shape.kind == ShapeKind::Union => Answer::Record(*ty, record.clone()),
        _ if shape.kind == ShapeKind::Union => Answer::NULL,
        Ok(made) => {
            let mut values: Vec<(Slot, Answer)> =
                made.also.iter().filter_map(|(name, answer)| Some((shape.slot(name)?, answer.clone()))).collect();
            if let Some((ty, record)) = &made.record {
                let shows = |column: &crate::schema::Column| column.base == Base::Record && !column.list && column.target == *ty;
                let slot = shape.columns().iter().position(shows).map(|slot| slot as Slot);
                let slot = slot.filter(|slot| !values.iter().any(|(taken, _)| taken == slot));
                values.extend(slot.map(|slot| (slot, Answer::Record(*ty, record.clone()))));
            }
            // Many payloads show who called, too.
            let caller = ["currentUser", "current_user"].iter().find_map(|name| shape.slot(name));
            let caller = caller.filter(|slot| !values.iter().any(|(taken, _)| taken == slot));
            values.extend(caller.map(|slot| (slot, Answer::from(scene.viewer.user.clone()))));
            Answer::Object(of, values)
        }
        Err(refusal) => {
            let messages = refusal.entries.iter().map(|(field, message)| {
                let field = field.map_or(Answer::NULL, |field| Answer::Value(Value::text(field)));
                let message = Answer::Value(Value::text(message));
                Answer::Object(FieldError::TYPE, vec![(FieldError::field.slot, field), (FieldError::message.slot, message)])
            });
            let messages = Answer::List(messages.collect());
            Answer::Object(of, shape.slot("messages").map(|slot| (slot, messages)).into_iter().collect())
        }
    }
}

/// A count's arguments as those of the list in the slot `list` of `Query`, by name.
fn as_of_list(args: &Lifted, list: Slot) -> Lifted {
    args.renamed(Query::TYPE.shape().column(list).args().unwrap_or(args.of))
}
