// Which records `consume` prints: --key, --header, --where and --or-where.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/tables/where_options.h"
#include "kafka/types.h"
#include "omashu/result.h"
#include "schema_registry/client/client.h"
#include "table/record_filter.h"

namespace omashu::cli {

class OptionParser;

// A key as it was given: its text, its JSON, or the value of its only field.
class KeySelection {
 public:
  explicit KeySelection(std::string given);

  // `bytes` are those of the record, `json` what they were decoded to.
  bool matches(std::string_view bytes, std::string_view json) const;

 private:
  std::string given_;
  std::optional<std::string> json_;  // as compact as what is decoded; absent: it is none
};

class RecordSelection {
 public:
  void declare(OptionParser& parser);
  Result<void> check();

  // Asks the registry for the schemas of --where. It must outlive the selection.
  Result<void> open(schema_registry::Client& registry, const std::string& topic);

  // All but the key, after open(). Any thread may call it. kCorrupt where the record does not decode.
  Result<bool> matches(const kafka::Message& message);

  const std::optional<KeySelection>& key() const { return key_selection_; }

 private:
  struct HeaderCondition {
    std::string name;
    std::optional<std::string> value;  // absent: any
  };
  bool matches_headers(const kafka::Message& message) const;

  std::optional<std::string> key_;
  std::vector<std::string> headers_;
  WhereOptions where_;

  std::optional<KeySelection> key_selection_;
  std::vector<HeaderCondition> header_conditions_;
  std::optional<table::RecordFilter> filter_;
};

}  // namespace omashu::cli
