#include "inspect/subject_references.h"

namespace omashu::inspect {

Result<std::vector<Referrer>> referrers_of(schema_registry::Client& registry, const std::string& subject, int version) {
  const auto ids = registry.referenced_by(subject, version);
  if (!ids) return fail(ids.error());
  std::vector<Referrer> referrers;
  for (const schema_registry::SchemaId id : *ids) {
    const auto referrer = registry.schema_by_id(id);
    if (!referrer) return fail(referrer.error());
    const auto places = registry.versions_of_id(id);
    if (!places) return fail(places.error());
    for (const schema_registry::Reference& reference : referrer->references) {
      if (reference.subject != subject || reference.version != version) continue;
      for (const auto& place : *places) {
        referrers.push_back({.type = reference.name, .subject = place.subject, .version = place.version});
      }
    }
  }
  return referrers;
}

}  // namespace omashu::inspect
