// `--where` for records as they come: which of them are meant.
//
// Keys and values are seen through the latest schemas of their subjects, with which the conditions were read; what
// those cannot read, and what has no schema, is asked as the JSON that it prints as.

#pragma once

#include <memory>
#include <string>

#include "kafka/types.h"
#include "omashu/result.h"
#include "schema_registry/client/client.h"
#include "table/filter.h"

namespace omashu::table {

// Thread-safe once it is open. The registry must outlive it.
class RecordFilter {
 public:
  // Asks the registry for the latest schemas of <topic>-key and <topic>-value, as far as conditions ask for them, and
  // binds the filter to them. Errors are those of Filter::bind() and of the registry.
  static Result<RecordFilter> open(schema_registry::Client& registry, const std::string& topic, Filter filter);
  ~RecordFilter();
  RecordFilter(RecordFilter&&) noexcept;

  // kCorrupt where the record does not decode: another one may. Decodes only what the conditions ask.
  Result<bool> matches(const kafka::Message& message);

 private:
  struct State;
  explicit RecordFilter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace omashu::table
