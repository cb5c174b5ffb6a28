#include "table/live/table_folder.h"

#include <fmt/core.h>

#include <charconv>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>
#include <vector>

namespace omashu::table {

namespace {

namespace fs = std::filesystem;

std::optional<uint64_t> number_of(std::string_view name) {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return number;
}

void remove_folder(const std::string& folder) {
  std::error_code ignored;  // what is left is removed at the next start
  fs::remove_all(folder, ignored);
}

}  // namespace

Result<std::shared_ptr<TableStore>> TableFolder::open(const StoreIdentity& identity) {
  std::error_code error;
  fs::create_directories(folder_, error);
  if (error) return fail(ErrorCode::kIo, fmt::format("{} cannot be made: {}", folder_, error.message()));
  std::vector<uint64_t> numbers;
  for (fs::directory_iterator at(folder_, error), end; !error && at != end; at.increment(error)) {
    if (const auto number = number_of(at->path().filename().string())) numbers.push_back(*number);
  }
  if (error) return fail(ErrorCode::kIo, fmt::format("{} cannot be read: {}", folder_, error.message()));
  for (const uint64_t number : numbers) number_ = std::max(number_, number);
  auto store = open_number(identity);
  if (!store) return store;
  // Only now, since another process would have refused this one the newest.
  for (const uint64_t number : numbers) {
    if (number != number_) remove_folder(fmt::format("{}/{}", folder_, number));
  }
  return store;
}

Result<std::shared_ptr<TableStore>> TableFolder::open_next(const StoreIdentity& identity) {
  if (is_replaced_ != nullptr) *is_replaced_ = true;
  ++number_;
  return open_number(identity);
}

Result<std::shared_ptr<TableStore>> TableFolder::open_number(const StoreIdentity& identity) {
  const std::string folder = fmt::format("{}/{}", folder_, number_);
  auto store = open_(folder, identity);
  if (!store) return fail(std::move(store.error()));
  is_replaced_ = std::make_shared<std::atomic<bool>>(false);
  return std::shared_ptr<TableStore>(store->release(), [folder, is_replaced = is_replaced_](TableStore* closed) {
    delete closed;
    if (*is_replaced) remove_folder(folder);
  });
}

}  // namespace omashu::table
