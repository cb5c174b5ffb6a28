// A request to write one key, read and checked as far as that goes without the row, and what it makes of a row.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "http/exchange.h"
#include "service/problem.h"
#include "service/write/key_write.h"
#include "service/write/ownership.h"
#include "service/write/preconditions.h"
#include "table/live/live_table.h"

namespace omashu::service {

struct WriteRequest {
  enum class Kind : uint8_t { kPut, kPatch, kDelete };

  Kind kind = Kind::kPut;
  table::LiveTable* table = nullptr;
  std::shared_ptr<table::TypedTopic> typed;
  std::string key = {};                     // logical
  std::vector<std::string> key_bytes = {};  // under which it is written: the latest schema's first
  std::string value = {};                   // of kPut: the payload
  json::Value patch = {};                   // of kPatch
  Preconditions conditions = {};
  std::shared_ptr<const WritePermit> permit = nullptr;  // null: none is needed

  // Whether decide() says the same of every row.
  bool suits_any_row() const;
  // Whether decide() may wait for the registry, or takes long.
  bool may_wait(const RowPtr& row) const;
  // The records that are to be written where this is the row, or why they are not.
  Decision decide(const RowPtr& row) const;
};

// Whether read_write_request() may wait for the registry.
bool reading_may_wait(const http::Request& request);

Answer<WriteRequest> read_write_request(WriteRequest::Kind kind, table::LiveTable& table,
                                        const http::Exchange& exchange);

}  // namespace omashu::service
