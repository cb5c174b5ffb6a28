#include "broker/protocol/47_offset_delete.h"

#include "broker/protocol/message_codec.h"

namespace omashu::broker {

template struct MessageCodec<OffsetDeleteRequest>;
template struct MessageCodec<OffsetDeleteResponse>;

}  // namespace omashu::broker
