// The registry's part of applying a plan.

#pragma once

#include <map>
#include <string>
#include <vector>

#include "provision/apply.h"

namespace omashu::provision {

class SchemaApplier {
 public:
  SchemaApplier(const Plan& plan, schema_registry::Client& registry, ApplyReport& report)
      : plan_(plan), registry_(registry), report_(report) {}

  // Registers the schemas of one dependency level: the actions with these indices.
  void register_level(const std::vector<size_t>& actions);

  // The action with this index, a SetCompatibility.
  void set_level(size_t action);

  // Softly. A subject that another one refers to goes after it.
  void delete_subjects();

 private:
  schema_registry::Client::Registration registration_of(const RegisterSchema& action) const;
  void learn_versions(const std::vector<size_t>& actions);

  const Plan& plan_;
  schema_registry::Client& registry_;
  ApplyReport& report_;
  std::map<size_t, schema_registry::SchemaId> ids_;  // by action, of the registered ones
  struct GivenVersion {
    int planned = 0;
    int held = 0;
  };
  std::map<std::string, GivenVersion> versions_;  // that the registry gave, of the subjects that others refer to
};

}  // namespace omashu::provision
