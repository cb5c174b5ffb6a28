// Who may write a key: of several servers of one topic one, so that the writes of a key have an order. Alone, a server
// may write everything.

#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "service/problem.h"

namespace omashu::service {

// Leave to write a key, from when its row is looked at until the write is answered. Whoever gives leave to another
// server waits until it is given back.
class WritePermit {
 public:
  virtual ~WritePermit() = default;
  // Asked before each record is sent: without it none is. Thread-safe.
  virtual bool is_valid() const = 0;
};

// `key_bytes` as they stand on the topic. Null: nothing is to be asked for. Else a refusal, with nothing written.
using PermitWrite =
    std::function<Answer<std::shared_ptr<const WritePermit>>(std::string_view topic, std::string_view key_bytes)>;

inline Answer<std::shared_ptr<const WritePermit>> permit_all(std::string_view, std::string_view) { return nullptr; }

}  // namespace omashu::service
