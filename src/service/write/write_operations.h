// PUT, PATCH and DELETE of one row, with what tests and groups of servers put in the place of the usual.

#pragma once

#include <functional>
#include <memory>

#include "kafka/producer.h"
#include "service/parts.h"
#include "service/write/idempotency_keys.h"
#include "service/write/ownership.h"

namespace omashu::service {

struct WriteOptions {
  // Called once, at the first write.
  std::function<Result<std::unique_ptr<kafka::Producer>>()> open_producer;
  PermitWrite permit = permit_all;
  IdempotencyKeys::Options idempotency = {};
};

Operations write_operations(const Parts& parts, WriteOptions options);

}  // namespace omashu::service
