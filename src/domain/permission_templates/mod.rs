//! Named sets of permissions for members.

mod apply;
mod template;

pub use apply::apply;

use crate::engine::Area;
use crate::schema::names::{Mutation, PermissionTemplateType, Query};

pub fn area() -> Area {
    Area::new("permission_templates")
        .entity(template::entity())
        .gets(Query::permissionTemplate, PermissionTemplateType)
        .lists(Query::permissionTemplates, template::permission_templates())
        .counts(Query::permissionTemplatesCount, Query::permissionTemplates)
        .mutation(Mutation::createPermissionTemplate, template::create_permission_template)
        .mutation(Mutation::deletePermissionTemplate, template::delete_permission_template)
        .mutation(Mutation::updatePermissionTemplate, template::update_permission_template)
}
