// The order in which a java.util.HashMap gives out its keys: Avro Java reads maps into one, and prints them so. Private
// to this folder.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace omashu::avro {

// Utf8.hashCode(), as it is since Avro 1.12.1.
int32_t java_utf8_hash(std::string_view utf8);

// String.hashCode(), over UTF-16. `utf8` must be valid.
int32_t java_string_hash(std::string_view utf8);

class JavaHashMapOrder {
 public:
  // As `new HashMap<>(initial_capacity)`.
  explicit JavaHashMapOrder(size_t initial_capacity);

  // The place of the key in the order of insertion, and whether it is new: a key that comes twice keeps its place.
  size_t insert(const std::string& key, int32_t hash);

  // The places in the order of iteration. Chains of more than eight keys, which Java may turn into trees, keep the
  // order of insertion here.
  std::vector<size_t> iteration() const;

 private:
  size_t table_size_;
  std::unordered_map<std::string, size_t> places_;
  std::vector<uint32_t> spread_hashes_;  // by place
};

}  // namespace omashu::avro
