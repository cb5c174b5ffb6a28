// The last check before the first write: the servers say whether they would do what is planned.

#pragma once

#include <string>
#include <vector>

#include "kafka/admin.h"
#include "provision/plan.h"
#include "schema_registry/client/client.h"

namespace omashu::provision {

// CreateTopics, CreatePartitions and IncrementalAlterConfigs with validate_only. What a broker refuses becomes a
// violation, in the broker's words, at the place in the file that it is about. Returns the topics that were observed as
// absent and that the controller has: they are no violations.
std::vector<std::string> check_with_brokers(const Desired& desired, const Plan& plan, kafka::Admin& admin,
                                            std::vector<Mistake>& violations);

// Whether the registry takes writes of the subjects at all: in the modes READONLY and IMPORT it takes none. Registries
// without modes, and those that do not tell them, are believed to.
void check_modes(const Desired& desired, const Plan& plan, schema_registry::Client& registry,
                 std::vector<Mistake>& violations);

// The registry's own compatibility check, for what it can judge already: schemas of subjects that exist, whose
// references are registered. A registry may enforce more than it says: Apicurio does not tell the level that its start
// options set.
void check_with_registry(const Plan& plan, schema_registry::Client& registry, std::vector<Mistake>& violations);

}  // namespace omashu::provision
