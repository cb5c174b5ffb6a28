#include "inspect/record_headers_json.h"

#include "base/base64.h"
#include "base/json.h"
#include "base/utf8.h"

namespace omashu::inspect {

void append_headers(std::string& out, const std::vector<kafka::Header>& headers) {
  out += '[';
  bool is_first = true;
  for (const kafka::Header& header : headers) {
    out += is_first ? "{\"name\":" : ",{\"name\":";
    is_first = false;
    json::append_quoted(out, is_valid_utf8(header.name) ? header.name : "?");
    if (!header.value) {
      out += ",\"value\":null}";
    } else if (is_valid_utf8(*header.value)) {
      out += ",\"value\":";
      json::append_quoted(out, *header.value);
      out += '}';
    } else {
      out += ",\"base64\":\"" + to_base64(*header.value) + "\"}";
    }
  }
  out += ']';
}

}  // namespace omashu::inspect
