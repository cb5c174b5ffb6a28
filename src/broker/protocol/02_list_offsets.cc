#include "broker/protocol/02_list_offsets.h"

#include "broker/protocol/message_codec.h"

namespace omashu::broker {

template struct MessageCodec<ListOffsetsRequest>;
template struct MessageCodec<ListOffsetsResponse>;

}  // namespace omashu::broker
