#include "broker/handler/reply.h"

#include <fmt/core.h>

#include <cstdio>
#include <cstdlib>

namespace omashu::broker {

void fail_second_answer(const Api& api) {
  fmt::print(stderr, "assertion failed: a request of API {} was answered twice\n", api.name);
  std::abort();
}

}  // namespace omashu::broker
