#include "base/partition_id.h"

#include <ostream>

namespace omashu {

std::ostream& operator<<(std::ostream& out, PartitionId partition) { return out << std::to_underlying(partition); }

}  // namespace omashu
