// Deletes subjects and versions: first softly, which hides them, then for good.

#pragma once

#include <string>

#include "schema_registry/server/decision.h"

namespace omashu::schema_registry::server {

// The answer is the list of the versions that are gone.
Answer<Decision> delete_subject(const Store& store, const std::string& subject, bool permanent);

// The answer is the version's number. `version` is a number, "latest" or "-1".
Answer<Decision> delete_version(const Store& store, const std::string& subject, const std::string& version,
                                bool permanent);

// 42205 where the mode in force for the subject or context lets nothing change.
Answer<void> check_writable(const Store& store, const std::string& subject);

// Puts the leader's record before others by which ids of a context will have no schema: those of schemas that are
// deleted for good, whose records are about to be compacted away, or those that an import leaves out.
void keep_account(const Store& store, std::string_view context, const IdRanges& leaving,
                  std::vector<TopicRecord>& records);

// What is left of a context that has no subjects, deleted ones included: its name.
Answer<Decision> delete_context(const Store& store, const std::string& context);

}  // namespace omashu::schema_registry::server
