//! What a root field looks at: its rule is run for the marks that it leaves on its arguments, and what it did is thrown away.

use super::{Call, HowAsked, Lifted, Reading, Scene, World, area::AnyInput, call::Work, convention::one};
use crate::env::Random;
use crate::schema::names::{Mutation, Query};
use crate::schema::{Named, Slot};
use crate::state::{Transaction, Value};

/// What became of the arguments, or input fields, of one call.
#[derive(Debug, Default)]
pub struct Marks {
    /// Those that had an effect.
    pub used: Vec<&'static str>,
    /// Fields of nested inputs that had none: `SubgoalInput.position`.
    pub ignored_below: Vec<String>,
    /// The fields that a refusal was about.
    pub refused: Vec<&'static str>,
}

impl Marks {
    fn of(lifted: &Lifted) -> Self {
        let used = lifted.each().filter(|(slot, _)| lifted.had_effect(*slot)).map(|(slot, _)| lifted.of.shape().column(slot).name());
        Self { used: used.collect(), ..Self::default() }
    }
}

impl World {
    /// Asks the query in `slot`. None where it has no arguments, or where no area answers it.
    pub fn probe_query(&self, slot: Slot, args: &[(Slot, Value)], scene: &Scene) -> Option<Marks> {
        let rules = self.catalogue.query(slot)?;
        let lifted = Lifted::new(Query::TYPE.shape().column(slot).args()?, args, &scene.viewer.zone);
        let snapshot = self.snapshot();
        let on = Reading { state: &snapshot.state, scene };
        if let Some(effect) = &rules.effect {
            (effect.applies)(on, &lifted);
        }
        match &rules.how {
            HowAsked::Get(of) => drop(one(*of, on, &lifted)),
            HowAsked::Own(rule) => drop(rule(on, &lifted)),
            HowAsked::List(list) => {
                drop(list.page(on, &lifted, false, false));
                drop(list.page(on, &lifted, true, true));
            }
            HowAsked::Count(of) => return self.probe_count(*of, &lifted, on),
        }
        Some(Marks::of(&lifted))
    }

    /// A count reads those of its arguments that its list filters by.
    fn probe_count(&self, list: Slot, lifted: &Lifted, on: Reading<'_>) -> Option<Marks> {
        let of = Query::TYPE.shape().column(list).args()?;
        let of_list = lifted.renamed(of);
        drop(self.catalogue.list(list)?.count(on, &of_list));
        Some(Marks::of(&of_list))
    }

    /// Carries out the mutation in `slot` on a transaction that is dropped.
    pub fn probe_mutation(&self, slot: Slot, input: &Value, scene: &Scene) -> Option<Marks> {
        let rules = self.catalogue.mutation(slot)?;
        let args = Mutation::TYPE.shape().column(slot).args()?;
        let of = args.shape().column(args.shape().slot("input")?).target;
        let sent = if let Value::Object(fields) = input { fields.as_ref() } else { &[] };
        let lifted = Lifted::new(of, sent, &scene.viewer.zone);
        let mut work = Work::on(Transaction::on(&self.snapshot().state), Random::new(&self.seed, 0));
        let made = (rules.run)(&mut Call::<AnyInput>::new(&lifted, &mut work, scene));
        let refused = made.err().map(|refusal| refusal.entries).unwrap_or_default();
        let refused = refused.into_iter().filter_map(|(field, _)| field).collect();
        Some(Marks { ignored_below: work.ignored, refused, ..Marks::of(&lifted) })
    }
}
