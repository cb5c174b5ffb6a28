#include "base/offset.h"

#include <ostream>

namespace omashu {

std::ostream& operator<<(std::ostream& out, Offset offset) { return out << std::to_underlying(offset); }

}  // namespace omashu
