// --avro-json of the commands that print the rows of a table.

#pragma once

#include <optional>
#include <string>

#include "cli/command.h"
#include "table/row.h"
#include "table/typed_topic.h"

namespace omashu::cli {

class OptionParser;

class RowForm {
 public:
  void declare(OptionParser& options);

  // The row with its key and value in the form that was asked for; valid until the next call and while `row` is.
  // Nothing where the latest schema has no such data, which is told as an error.
  std::optional<table::Row> of(Context& context, const table::TypedTopic& topic, const table::Row& row);

  // Whether that happened.
  bool has_failed() const { return has_failed_; }

 private:
  Result<table::Row> as_avro_json(const table::TypedTopic& topic, const table::Row& row);

  bool is_avro_json_ = false;
  bool has_failed_ = false;
  std::string key_;
  std::string value_;
};

}  // namespace omashu::cli
