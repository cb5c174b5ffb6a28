// A page of records as JSON, each as plain JSON where it decodes, else as its bytes with the reason.

#pragma once

#include <string>

#include "inspect/record_page.h"
#include "schema_registry/client/client.h"
#include "table/payload_reader.h"

namespace omashu::service {

// One page at a time. The registry must outlive it.
class RecordJson {
 public:
  explicit RecordJson(schema_registry::Client& registry);

  // {"records":[…],"older":…,"newer":…,"scanned":…,"unreadable":…,"isComplete":…}; see docs/cluster-api.md.
  std::string page(const std::string& topic, const inspect::RecordPage& page);

 private:
  void append_record(std::string& out, const kafka::Message& record);
  void append_part(std::string& out, const kafka::Message& record, serde::RecordPart part);

  struct Part {
    std::string json = "null";
    std::string_view form = {};  // "" where there is nothing
    std::string problem = {};
  };
  Part read(const kafka::Message& record, serde::RecordPart part, const std::string& payload, bool is_short);

  table::PayloadReader reader_;
  std::string registry_problem_;  // once it could not be asked: it is not asked again for this page
};

}  // namespace omashu::service
