package engine

// Predicate decides about a record by what it is and holds: an expression, which is
// compiled elsewhere. It is pure, and two of the same text are equal.
type Predicate interface {
	Holds(Content) bool
	String() string // as it is written
}

// Content is a record or a message as a Predicate sees it.
type Content struct {
	N          int    // its number in its source
	Key        string // partition key, item key or message group
	Deliveries int    // how many times it has been handed over, this one included; of a message: received
	EventName  string // of a table's record: INSERT, MODIFY, REMOVE
	Data       []byte // of a Kinesis record
	Body       []byte // of a message
	JSON       []byte // of a table's record its key `dynamodb`, of a message all but its body
}

// recordContent is record n of what mapping m reads, as it is handed over now.
func (s *Sim) recordContent(m *Mapping, n int32) Content {
	st := &s.Streams[m.source]
	r := st.Records.At(int(n) - 1)
	c := Content{N: int(n), Key: st.Keys[r.Key].Name, Deliveries: m.deliveries(int(n)) + 1}
	if st.Kind == DynamoDB {
		held := s.Hold(int(m.source), int(n))
		c.EventName, c.JSON = r.Op.EventName(), s.AppendChange(nil, int(m.source), &held, int(n))
		return c
	}
	c.Data = s.PayloadOf(st, r, int(n))
	return c
}

// messageContent is a message of a queue.
func (s *Sim) messageContent(id int32) Content {
	m := s.msg(id)
	body := s.body(m)
	return Content{N: int(m.N), Key: s.groupName(m), Deliveries: int(m.Receives), Body: body, JSON: s.appendMessage(nil, m, body)}
}
