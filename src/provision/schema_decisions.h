// For each wanted subject: is its schema there already, and if not, which version will it be?

#pragma once

#include <set>
#include <string>
#include <vector>

#include "avro/schema.h"
#include "provision/desired.h"
#include "provision/observed.h"

namespace omashu::provision {

struct SubjectDecision {
  size_t subject = 0;                // into Desired::subjects
  schema_registry::SchemaText text;  // its references carry the versions that they will have
  avro::Schema schema;
  int version = 0;      // that it has, or will have as far as can be known
  bool is_new = false;  // it must be registered
};

struct SchemaDecisions {
  std::vector<SubjectDecision> subjects;  // in dependency order; without those that hang on a violation
  std::vector<Mistake> violations;  // types that nobody defines; schemas that do not parse with what they refer to
  std::vector<std::string> notes;
};

// Schemas are the same where their texts mean the same and their references are equal, whatever the spelling and the
// order.
SchemaDecisions decide_schemas(const Desired& desired, const Observed& observed);

// The versions in the registry that the new schemas do not go with, at the level in force for each subject. Returns the
// subjects (into Desired::subjects) of those schemas.
std::set<size_t> check_schema_compatibility(const Desired& desired, const Observed& observed,
                                            const SchemaDecisions& decisions, std::vector<Mistake>& violations,
                                            std::vector<std::string>& notes);

}  // namespace omashu::provision
