// Requests as they come from a connection, cut where the first byte says: however the bytes are cut, the same requests
// are read, none larger than may be, and each is routed without harm.

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "http/content_encoding.h"
#include "http/request_reader.h"
#include "http/router.h"

using namespace omashu::http;

namespace {

constexpr std::array kEncodings = {ContentEncoding::kZstd, ContentEncoding::kGzip};
constexpr RequestLimits kLimits = {.head_bytes = 1 << 12, .body_bytes = 1 << 12};

void require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

struct Outcome {
  std::vector<Request> requests;
  int error_status = 0;
};

Outcome read_all(std::string_view input, size_t piece) {
  Outcome outcome;
  RequestReader reader(kLimits);
  while (!input.empty()) {
    auto progress = reader.read(input.substr(0, piece));
    input.remove_prefix(std::min(piece, input.size()));
    while (progress == RequestReader::Progress::kComplete || progress == RequestReader::Progress::kWantsContinue) {
      if (progress == RequestReader::Progress::kComplete) outcome.requests.push_back(reader.take_request());
      progress = reader.read("");
    }
    if (progress != RequestReader::Progress::kFailed) continue;
    outcome.error_status = reader.error_status();
    require(outcome.error_status >= 400 && outcome.error_status < 500, "bad bytes are the server's fault");
    break;
  }
  return outcome;
}

bool is_same(const Request& a, const Request& b) {
  return a.method == b.method && a.target == b.target && a.body == b.body &&
         std::ranges::equal(a.fields, b.fields,
                            [](const Field& x, const Field& y) { return x.name == y.name && x.value == y.value; });
}

const Router& router() {
  static const Router router = [] {
    Router made;
    for (const char* pattern : {"/", "/subjects", "/subjects/{subject}/versions/{version}", "/schemas/ids/{id}"}) {
      made.add(Method::kGet, pattern, Access::kRead, {});
    }
    return made;
  }();
  return router;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Outcome whole = read_all(input, std::max<size_t>(input.size(), 1));
  const Outcome cut = read_all(input, 1 + data[0] % 64);
  require(whole.requests.size() == cut.requests.size(), "requests depend on how their bytes are cut");
  for (size_t i = 0; i < whole.requests.size(); ++i) {
    const Request& request = whole.requests[i];
    require(is_same(request, cut.requests[i]), "a request depends on how its bytes are cut");
    require(std::ranges::count(request.fields, "host", &Field::name) <= 1, "a request with two hosts");
    require(request.body.size() <= kLimits.body_bytes, "a body larger than may be");
    static_cast<void>(request.query_value("deleted"));
    static_cast<void>(preferred_encoding(request.field("accept-encoding"), kEncodings));
    static_cast<void>(router().find(request.method, request.path()));
  }
  return 0;
}
