// The registry's part of observing.

#pragma once

#include "provision/observed.h"

namespace omashu::provision {

// Fills `subjects`, `found_types` and `schemas`.
Result<void> observe_schemas(const Desired& desired, schema_registry::Client& registry, Observed& observed);

// Looks in the latest versions of the subjects that the files do not name for types that no file defines. The subject
// that a schema's latest version refers to for a type comes first; then all, at most kMaxSearchedSubjects of them. A
// subject whose whole schema is the type is preferred to one in which it is nested.
Result<void> find_types(const Desired& desired, schema_registry::Client& registry, Observed& observed);

inline constexpr size_t kMaxSearchedSubjects = 20'000;

}  // namespace omashu::provision
