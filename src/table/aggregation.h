// `count --by … --sum …`: rows counted by the values of fields, with sums, averages, minima and maxima of others.
//
// What a row contributes is found while records are read, on any thread, and is a few bytes: a table keeps those in
// place of the values, and only the rows that are left at the end are added up.

#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "avro/schema.h"
#include "omashu/result.h"
#include "table/aggregate_value.h"
#include "table/field_path.h"
#include "table/filter.h"
#include "table/schema_path.h"

namespace omashu::table {

enum class AggregateFunction : uint8_t { kSum, kAverage, kMin, kMax };

struct Aggregate {
  AggregateFunction function = AggregateFunction::kSum;
  FieldPath path;

  std::string name() const;  // "sum(bytesSoFar)"
};

// Immutable once it is made; may be used by several threads.
class Aggregation {
 public:
  // Paths are the value's, but for those that start with `key`. Errors say what cannot be counted or added.
  static Result<Aggregation> make(const std::vector<FieldPath>& by, const std::vector<Aggregate>& aggregates,
                                  const FilterSchemas& schemas);

  // A row counts once for each combination of the values that its paths lead to: through an array, of each item.
  void append_contribution(const FilterPart& key, const FilterPart& value, std::string& out) const;

  size_t by_count() const { return by_.size(); }
  const std::vector<Aggregate>& aggregates() const { return aggregates_; }

 private:
  friend class AggregateTotals;

  // A path that is followed in the key or the value, with a schema or without one.
  struct Source {
    FieldPath path;
    bool is_key = false;
    std::optional<SchemaPath> schema_path = {};
    avro::LogicalType logical_type = avro::LogicalType::kNone;  // of the numbers that stand there
  };
  static Result<Source> make_source(const FieldPath& path, const FilterSchemas& schemas);
  template <class Visit>
  static void visit_values(const Source& source, const FilterPart& key, const FilterPart& value, const Visit& visit);

  std::vector<Source> by_;
  std::vector<Source> sources_;  // of aggregates_
  std::vector<Aggregate> aggregates_;
  FilterSchemas schemas_;  // keep the types alive that the paths point to
};

// Adds contributions up. Not thread-safe.
class AggregateTotals {
 public:
  // The aggregation must outlive it.
  explicit AggregateTotals(const Aggregation& aggregation) : aggregation_(aggregation) {}

  void add(std::string_view contribution);

  size_t size() const { return groups_.size(); }  // groups so far

  struct Group {
    std::vector<std::string> by;  // JSON
    int64_t count = 0;
    std::vector<std::string> aggregates;  // JSON; null where no row had a value
  };
  // The largest first, equal ones by their values.
  std::vector<Group> groups() const;

  // Sums beyond what 64 bits hold, which JSON readers may round: their names.
  std::vector<std::string> wide_sums() const;

 private:
  struct Totals {
    int64_t count = 0;
    std::vector<AggregateTotal> aggregates;
  };
  std::map<std::vector<std::string>, Totals> groups_;
  const Aggregation& aggregation_;
};

}  // namespace omashu::table
