#include "broker/protocol/09_offset_fetch.h"

#include "broker/protocol/message_codec.h"

namespace omashu::broker {

template struct MessageCodec<OffsetFetchRequest>;
template struct MessageCodec<OffsetFetchResponse>;

}  // namespace omashu::broker
