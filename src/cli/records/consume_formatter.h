// What `consume` prints for a record. A key that does not decode is printed as its bytes, so that the value is not lost
// with it.

#pragma once

#include <optional>
#include <string>

#include "cli/records/consume_options.h"
#include "cli/records/record_formatter.h"
#include "schema_registry/client/client.h"
#include "table/payload_reader.h"

namespace omashu::cli {

class ConsumeFormatter : public RecordFormatter {
 public:
  // The registry and the options must outlive it. The options' selection is open.
  ConsumeFormatter(ConsumeOptions& options, ConsumeOptions::Form form, schema_registry::Client& registry);

  Result<bool> append(const kafka::Message& message, std::string& out) override;

 private:
  bool is_printed(serde::RecordPart part) const;
  Result<bool> has_selected_key(const kafka::Message& message);
  Result<std::optional<std::string>> read(const kafka::Message& message, serde::RecordPart part);
  static std::optional<std::string> as_bytes(const kafka::Message& message, serde::RecordPart part);
  void print(const kafka::Message& message, const std::optional<std::string>& key,
             const std::optional<std::string>& value, std::string& out) const;

  ConsumeOptions& options_;
  const ConsumeOptions::Form form_;
  table::PayloadReader reader_;
};

}  // namespace omashu::cli
