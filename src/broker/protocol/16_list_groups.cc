#include "broker/protocol/16_list_groups.h"

#include "broker/protocol/message_codec.h"

namespace omashu::broker {

template struct MessageCodec<ListGroupsRequest>;
template struct MessageCodec<ListGroupsResponse>;

}  // namespace omashu::broker
