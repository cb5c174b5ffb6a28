#include "sink/file/record_line.h"

#include <fmt/core.h>

#include "avro/logical_text.h"
#include "base/base64.h"
#include "base/json.h"
#include "base/utf8.h"

namespace omashu::sink {

namespace {

void append_timestamp(std::string& out, int64_t timestamp_ms) {
  char text[avro::kMaxLogicalText];
  char* end =
      timestamp_ms < 0 ? nullptr : avro::write_timestamp(text, timestamp_ms, avro::TimeUnit::kMillis, /*local=*/false);
  if (end == nullptr) {
    out += "null";
    return;
  }
  out += '"';
  out.append(text, end);
  out += '"';
}

void append_headers(std::string& out, const std::vector<kafka::Header>& headers) {
  if (headers.empty()) return;
  out += R"(,"headers":[)";
  for (size_t i = 0; i < headers.size(); ++i) {
    out += i == 0 ? R"({"name":)" : R"(,{"name":)";
    json::append_quoted(out, is_valid_utf8(headers[i].name) ? headers[i].name : "?");
    if (!headers[i].value) {
      out += R"(,"value":null})";
    } else if (is_valid_utf8(*headers[i].value)) {
      out += R"(,"value":)";
      json::append_quoted(out, *headers[i].value);
      out += '}';
    } else {
      out += R"(,"base64":")" + to_base64(*headers[i].value) + R"("})";
    }
  }
  out += ']';
}

Result<void> append_part(std::string& out, const std::optional<SinkPart>& part) {
  if (!part) {
    out += "null";
    return {};
  }
  return part->writer->decoder.to_json(part->data, avro::JsonForm::kPlain, out);
}

}  // namespace

Result<void> append_record_line(std::string& out, const SinkRecord& record) {
  const size_t start = out.size();
  out += R"({"topic":)";
  json::append_quoted(out, record.topic);
  out += fmt::format(R"(,"partition":{},"offset":{},"timestamp":)", record.partition, record.offset);
  append_timestamp(out, record.message->timestamp_ms);
  append_headers(out, record.message->headers);
  out += R"(,"key":)";
  auto appended = append_part(out, record.key);
  if (appended) {
    out += R"(,"value":)";
    appended = append_part(out, record.value);
  }
  if (!appended) {
    out.resize(start);
    return fail(std::move(appended.error()));
  }
  out += "}\n";
  return {};
}

}  // namespace omashu::sink
