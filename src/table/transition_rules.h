// The transitions (avro/transitions.h) of a value's fields, and whether a change of a row keeps to them.
//
// Fields of records count, at any depth, also where a record or the enum is one branch of a union; items of arrays and
// entries of maps do not, since nothing says which of before is which of after. Immutable, and so thread-safe.

#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "avro/datum.h"
#include "avro/schema.h"
#include "avro/transitions.h"
#include "omashu/result.h"

namespace omashu::table {

struct ImpossibleTransition {
  std::string field;                  // "status", "source.state"; "" is the value itself
  std::optional<std::string> from;    // absent: there was no row, or null
  std::optional<std::string> to;      // absent: null
  std::vector<std::string> possible;  // what it could have become

  // "status cannot go from DONE to RUNNING: DONE is final"
  std::string text() const;
};

class TransitionRules {
 public:
  // No transitions at all.
  TransitionRules() = default;

  // Of the schema that values are seen through. An error where transitions are not well formed.
  static Result<TransitionRules> compile(const avro::Schema& value);

  bool is_empty() const { return rules_.empty(); }

  // The first field that made a change it cannot make. `before` is null where there was no row, or a deleted one; both
  // are data of the schema.
  std::optional<ImpossibleTransition> check(const avro::Datum* before, const avro::Datum& after) const;

 private:
  struct Rule {
    std::string path;
    avro::Transitions transitions;
  };
  friend class TransitionRulesBuilder;

  std::optional<avro::Schema> schema_;  // keeps what the rules point into
  std::vector<Rule> rules_;
};

}  // namespace omashu::table
