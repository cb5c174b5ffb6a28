// Where the stores of one table are: DIR/TOPIC/NUMBER. A table that is made anew gets the next number, so that those
// who still read the old rows can go on; the old folder is removed when the last of them is done.

#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "omashu/result.h"
#include "table/store/table_store.h"

namespace omashu::table {

using OpenStore = std::function<Result<std::unique_ptr<TableStore>>(const std::string& folder, const StoreIdentity&)>;

class TableFolder {
 public:
  TableFolder(std::string data_folder, const std::string& topic, OpenStore open)
      : folder_(std::move(data_folder) + "/" + topic), open_(std::move(open)) {}

  // The store with the highest number, or a first one. Older ones, which a crash may have left, are removed.
  Result<std::shared_ptr<TableStore>> open(const StoreIdentity& identity);
  // An empty one; the one before goes once nobody holds it any more.
  Result<std::shared_ptr<TableStore>> open_next(const StoreIdentity& identity);

 private:
  Result<std::shared_ptr<TableStore>> open_number(const StoreIdentity& identity);

  const std::string folder_;
  const OpenStore open_;
  uint64_t number_ = 0;
  std::shared_ptr<std::atomic<bool>> is_replaced_;  // of the store that is open
};

}  // namespace omashu::table
