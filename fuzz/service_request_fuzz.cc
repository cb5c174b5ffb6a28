// The query and the head of a request to the service, as its operations check them: every refusal is one line of JSON.
// The first line is the target, the second Accept, the third If-None-Match; the rest is an error of the codec.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/json.h"
#include "service/media_type.h"
#include "service/request_check.h"
#include "service/row_answer.h"

using namespace omashu;

namespace {

const service::RequestCheck& check() {
  static const auto made = service::RequestCheck::make(
      {.pattern = "/rows",
       .id = "listRows",
       .parameters = {{.name = "where", .is_repeated = true},
                      {.name = "limit", .schema = R"({"type":"integer","minimum":1,"maximum":100})"},
                      {.name = "exact", .schema = R"({"type":"boolean"})"},
                      {.name = "order", .schema = R"({"type":"string","enum":["up","down"]})"}}});
  return *made;
}

std::string take_line(std::string_view& input) {
  const std::string line(input.substr(0, input.find('\n')));
  input.remove_prefix(std::min(line.size() + 1, input.size()));
  return line;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::string target = take_line(input), accept = take_line(input), tags = take_line(input);
  if (const auto problem = check().check({.target = target})) {
    const http::Response response = service::problem_response(*problem);
    if (response.status != 400 || !json::parse(response.body)) std::abort();
  } else {
    // What was let pass can be read.
    const http::Request request{.target = target};
    if (const auto limit = request.query_value("limit")) {
      const int number = std::stoi(*limit);
      if (number < 1 || number > 100) std::abort();
    }
  }
  constexpr std::string_view kForms[] = {"application/json", "application/octet-stream"};
  if (const auto form = service::preferred_media_type(accept, kForms); form && *form > 1) std::abort();
  (void)service::has_entity_tag(tags, "\"t-0-1\"");
  if (const auto pointer = service::pointer_of(input); pointer && !pointer->empty() && pointer->front() != '/') {
    std::abort();
  }
  return 0;
}
