//! One part of Healthie: its rules, by the schema names they answer to.

use super::{
    Answer, Call, Changed, Entity, Input, Lifted, List, Reading, Refusal, Subscribing, SubscriptionRules, call::Made, convention,
    entity::Rules, listing::BadArgument, listing::ListRules,
};
use crate::schema::names::{OrganizationMembership, WebhookEventType};
use crate::schema::{Bool, EnumValue, EventDef, Field, Instant, MutationField, Named, QueryField, Slot, TypeId};
use crate::state::{Change, State};

type RunMutation = Box<dyn Fn(&mut Call<'_, AnyInput>) -> Result<Made, Refusal> + Send + Sync>;
type RunQuery = Box<dyn Fn(Reading<'_>, &Lifted) -> Result<Answer, QueryError> + Send + Sync>;
pub type Predicate = Box<dyn Fn(&Change, &State) -> bool + Send + Sync>;

/// Stands for whatever input a mutation has, where the rules of all mutations are kept together.
pub struct AnyInput;
impl Named for AnyInput {
    const TYPE: TypeId = <crate::schema::names::FieldError as Named>::TYPE;
}

/// Why a root field could not answer: an entry of `errors` beside the other fields' answers.
#[derive(Debug)]
pub struct QueryError(pub String);

impl From<BadArgument> for QueryError {
    fn from(bad: BadArgument) -> Self {
        Self(bad.0)
    }
}

/// Who may use a root field.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Audience {
    /// Members of an organization.
    Members,
    /// Members and patients.
    Everybody,
    /// Callers without a key too.
    Public,
}

/// What a mutation does, and who may have it done.
pub struct MutationRules {
    pub slot: Slot,
    pub area: &'static str,
    pub(super) run: RunMutation,
    pub audience: Audience,
    pub needs: Option<Slot>,
    /// Answered harmlessly, without what it would do outside.
    pub accepted: bool,
}

/// How a query is answered.
pub struct QueryRules {
    pub slot: Slot,
    pub area: &'static str,
    pub how: HowAsked,
    pub needs: Option<Slot>,
    /// Answers callers without a key.
    pub public: bool,
    pub accepted: bool,
    pub effect: Option<Effect>,
}

/// What reading leaves behind: committed once the whole answer is written.
pub struct Effect {
    pub applies: Applies,
    pub(super) run: RunEffect,
}

type Applies = Box<dyn Fn(Reading<'_>, &Lifted) -> bool + Send + Sync>;
type RunEffect = Box<dyn Fn(&mut Call<'_, AnyInput>) + Send + Sync>;

/// The three types whose fields a document starts from.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Root {
    Query,
    Mutation,
    Subscription,
}

impl Root {
    pub const ALL: [Self; 3] = [Self::Query, Self::Mutation, Self::Subscription];

    pub fn name(self) -> &'static str {
        match self {
            Self::Query => "Query",
            Self::Mutation => "Mutation",
            Self::Subscription => "Subscription",
        }
    }
}

/// How far a root field is emulated.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Class {
    Emulated,
    /// Answered harmlessly: what it would do is outside of what is emulated, and no caller could see it here.
    Accepted,
    /// Why not.
    NotEmulated(&'static str),
}

/// A root field that an area answers for.
pub trait RootField {
    const ROOT: Root;
    fn slot(&self) -> Slot;
}
impl<A> RootField for QueryField<A> {
    const ROOT: Root = Root::Query;
    fn slot(&self) -> Slot {
        self.slot
    }
}
impl<I> RootField for MutationField<I> {
    const ROOT: Root = Root::Mutation;
    fn slot(&self) -> Slot {
        self.slot
    }
}

pub enum HowAsked {
    /// One record by its `id`.
    Get(TypeId),
    /// Index of a list among the catalogue's.
    List(ListRules),
    /// How many records the list behind another field has.
    Count(Slot),
    Own(RunQuery),
}

type RunDue = Box<dyn Fn(&mut Call<'_, AnyInput>, u64) + Send + Sync>;

/// Does what has fallen due on a record.
pub struct DueRule {
    /// How those who advance the clock are told of it.
    pub what: &'static str,
    pub of: TypeId,
    pub at: Slot,
    pub(super) run: RunDue,
}

/// A builder for what one part of Healthie does.
pub struct Area {
    pub name: &'static str,
    pub(super) entities: Vec<(TypeId, Rules)>,
    pub(super) mutations: Vec<MutationRules>,
    pub(super) queries: Vec<QueryRules>,
    pub(super) subscriptions: Vec<SubscriptionRules>,
    pub(super) events: Vec<(&'static EventDef, Predicate)>,
    pub(super) due: Vec<DueRule>,
    pub(super) left_out: Vec<(Root, Slot, &'static str)>,
    last: Last,
}

enum Last {
    Nothing,
    Mutation,
    Query,
}

impl Area {
    pub fn new(name: &'static str) -> Self {
        Self {
            name,
            entities: vec![],
            mutations: vec![],
            queries: vec![],
            subscriptions: vec![],
            events: vec![],
            due: vec![],
            left_out: vec![],
            last: Last::Nothing,
        }
    }

    pub fn entity<T: Named + 'static>(mut self, mut entity: Entity<T>) -> Self {
        let by_collection: Vec<_> = entity.rules.collections.values().copied().collect();
        for collection in by_collection.iter().filter(|collection| collection.of == T::TYPE) {
            entity = entity.ordered(&[collection.by], &[]);
        }
        self.entities.push((T::TYPE, entity.rules));
        self
    }

    /// `field` stores a new `T` from the input fields that `T` has too.
    pub fn creates<I: Named + 'static, T: Named + 'static>(self, field: MutationField<I>, _entity: T) -> Self {
        self.runs(field.slot, Box::new(convention::create::<T>))
    }

    /// `field` changes what its input names of the `T` that its input's `id` names.
    pub fn updates<I: Named + 'static, T: Named + 'static>(self, field: MutationField<I>, _entity: T) -> Self {
        self.runs(field.slot, Box::new(convention::update::<T>))
    }

    /// `field` changes the one `T` that is the caller's, or that its input names otherwise than by `id`; makes it on first use.
    pub fn sets<I: Named + 'static, T: Named + 'static>(self, field: MutationField<I>, _entity: T) -> Self {
        self.runs(field.slot, Box::new(convention::set::<T>))
    }

    /// `field` removes the `T` that its input's `id` names, and answers with it as it was.
    pub fn deletes<I: Named + 'static, T: Named + 'static>(self, field: MutationField<I>, _entity: T) -> Self {
        self.runs(field.slot, Box::new(convention::delete::<T>))
    }

    /// Answers `field` with a rule of its own. The compiler checks that the rule reads this mutation's input.
    pub fn mutation<I: Named + 'static>(self, field: MutationField<I>, rule: fn(&mut Call<'_, I>) -> Result<Made, Refusal>) -> Self {
        let run = move |call: &mut Call<'_, AnyInput>| {
            let mut typed = Call { input: Input::new(call.input.lifted), work: &mut *call.work, scene: call.scene };
            rule(&mut typed)
        };
        self.runs(field.slot, Box::new(run))
    }

    fn runs(mut self, slot: Slot, run: RunMutation) -> Self {
        self.mutations.push(MutationRules { slot, area: self.name, run, audience: Audience::Members, needs: None, accepted: false });
        self.last = Last::Mutation;
        self
    }

    /// `field` answers with the `T` that its arguments name (by `id`, or by another column that identifies), with the viewer's own
    /// where they name none, and with null where the viewer may see none.
    pub fn gets<A, T: Named>(self, field: QueryField<A>, _entity: T) -> Self {
        self.asks(field.slot, HowAsked::Get(T::TYPE))
    }

    pub fn lists<A: Named + 'static, T: Named + 'static>(self, field: QueryField<A>, list: List<T, A>) -> Self {
        self.asks(field.slot, HowAsked::List(list.rules))
    }

    /// `field` lists every `T` that the viewer may see, filtered by what its arguments are called.
    pub fn lists_all<A: Named + 'static, T: Named + 'static>(self, field: QueryField<A>, _entity: T) -> Self {
        self.asks(field.slot, HowAsked::List(List::<T, A>::usual().rules))
    }

    /// As [`Area::lists_all`], for a field without arguments.
    pub fn lists_every<T: Named + 'static>(self, field: QueryField<()>, _entity: T) -> Self {
        self.asks(field.slot, HowAsked::List(List::<T, T>::new().unpaged().rules))
    }

    /// `field` says how many records `list` has, by the filters that both know.
    pub fn counts<A, B>(self, field: QueryField<A>, list: QueryField<B>) -> Self {
        self.asks(field.slot, HowAsked::Count(list.slot))
    }

    /// Answers `field` with a rule of its own.
    pub fn query<A: Named + 'static>(
        self,
        field: QueryField<A>,
        rule: fn(Reading<'_>, &Input<'_, A>) -> Result<Answer, QueryError>,
    ) -> Self {
        self.asks(field.slot, HowAsked::Own(Box::new(move |on, args| rule(on, &Input::new(args)))))
    }

    /// As [`Area::query`], for a field without arguments.
    pub fn question(self, field: QueryField<()>, rule: fn(Reading<'_>) -> Answer) -> Self {
        self.asks(field.slot, HowAsked::Own(Box::new(move |on, _| Ok(rule(on)))))
    }

    fn asks(mut self, slot: Slot, how: HowAsked) -> Self {
        self.queries.push(QueryRules { slot, area: self.name, how, needs: None, public: false, accepted: false, effect: None });
        self.last = Last::Query;
        self
    }

    /// `field` answers `NOT_EMULATED`; `reason` says why it always will, or what is missing.
    pub fn leaves_out<F: RootField>(mut self, field: F, reason: &'static str) -> Self {
        self.left_out.push((F::ROOT, field.slot(), reason));
        self
    }

    /// Answers a field of `Subscription`.
    pub fn subscription<A>(mut self, field: QueryField<A>, subscribing: Subscribing<A>) -> Self {
        self.subscriptions.push(subscribing.rules(field.slot, self.name));
        self
    }

    /// The root field before this line answers harmlessly: what it would do happens outside of what is emulated.
    pub fn accepted(mut self) -> Self {
        match self.last {
            Last::Mutation => self.mutations.last_mut().expect("just added").accepted = true,
            Last::Query => self.queries.last_mut().expect("just added").accepted = true,
            Last::Nothing => panic!("{}: accepted() follows a root field", self.name),
        }
        self
    }

    /// The root field before this line is refused (a list is empty, a single answer null) to members without `flag`.
    pub fn needs(mut self, flag: Field<OrganizationMembership, Bool>) -> Self {
        match self.last {
            Last::Mutation => self.mutations.last_mut().expect("just added").needs = Some(flag.slot),
            Last::Query => self.queries.last_mut().expect("just added").needs = Some(flag.slot),
            Last::Nothing => panic!("{}: needs() follows a root field", self.name),
        }
        self
    }

    /// Asking the query before this line leaves `effect` behind where it `applies`: most reads leave nothing, and take no lock
    /// for it.
    pub fn leaves<A: Named + 'static>(mut self, applies: fn(Reading<'_>, &Input<'_, A>) -> bool, effect: fn(&mut Call<'_, A>)) -> Self {
        let run = move |call: &mut Call<'_, AnyInput>| {
            effect(&mut Call { input: Input::new(call.input.lifted), work: &mut *call.work, scene: call.scene });
        };
        let effect = Effect { applies: Box::new(move |on, args| applies(on, &Input::new(args))), run: Box::new(run) };
        match self.last {
            Last::Query => self.queries.last_mut().expect("just added").effect = Some(effect),
            Last::Mutation | Last::Nothing => panic!("{}: leaves() follows a query", self.name),
        }
        self
    }

    /// The mutation before this line is open to patients too; its rule says which.
    pub fn patients_too(self) -> Self {
        self.open_to(Audience::Everybody)
    }

    /// The root field before this line answers callers without a key too.
    pub fn public(mut self) -> Self {
        if let Last::Query = self.last {
            self.queries.last_mut().expect("just added").public = true;
            return self;
        }
        self.open_to(Audience::Public)
    }

    fn open_to(mut self, audience: Audience) -> Self {
        match self.last {
            Last::Mutation => self.mutations.last_mut().expect("just added").audience = audience,
            Last::Query | Last::Nothing => panic!("{}: only a mutation has an audience", self.name),
        }
        self
    }

    /// Announces `event` for every change that `happened` says yes to.
    pub fn event<T: Named + 'static>(mut self, event: EnumValue<WebhookEventType>, happened: fn(&Changed<T>) -> bool) -> Self {
        let event = EventDef::find(event.name).expect("the enum's values are the events");
        self.events.push((event, Box::new(move |change, _| Changed::new(change).is_some_and(|changed| happened(&changed)))));
        self
    }

    /// Runs `rule` on each `T` when the clock passes the time in `at`. The rule clears or moves `at`. Those who advance the clock
    /// are told of it as `what`.
    pub fn due<T: Named + 'static>(
        mut self,
        what: &'static str,
        at: Field<T, Instant>,
        rule: fn(&mut Call<'_, AnyInput>, &super::Row<T>),
    ) -> Self {
        let run = move |call: &mut Call<'_, AnyInput>, id: u64| {
            if let Some(row) = call.find_any::<T>(id) {
                rule(call, &row);
            }
        };
        self.due.push(DueRule { what, of: T::TYPE, at: at.slot, run: Box::new(run) });
        self
    }
}
