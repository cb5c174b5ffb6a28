// The controller's answers about moves of replicas: any bytes are read to an end, and what is read fits into them.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "kafka/reassignment_messages.h"

using namespace omashu;
using namespace omashu::kafka;

namespace {

void require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto answers = parse_alter_reassignments_response(bytes)) {
    require(answers->size() * 8 <= size, "more answers than there are bytes");
  }
  if (const auto moves = parse_list_reassignments_response(bytes)) {
    size_t numbers = 0;
    for (const auto& [partition, move] : *moves) {
      numbers += move.replicas.size() + move.adding.size() + move.removing.size();
    }
    require(numbers * 4 <= size, "more replicas than there are bytes");
  }
  return 0;
}
