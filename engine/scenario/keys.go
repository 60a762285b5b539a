package scenario

import (
	"slices"
	"strings"
	"unicode/utf8"

	"esmlab/engine"
	"esmlab/engine/template"
)

// KeyRefusal is how AWS refuses the key of a record, of an item, of an object or of a message
// group, by what it is put to; nil: it takes the key.
func KeyRefusal(cfg *engine.Config, to, key string) *engine.Refusal {
	if i := slices.IndexFunc(cfg.Streams, func(c engine.StreamConfig) bool { return c.ID == to }); i >= 0 {
		if c := &cfg.Streams[i]; c.Kind == engine.DynamoDB {
			return itemKeyRefusal(c.KeyName, key)
		}
		return partitionKeyRefusal(key)
	}
	if i := slices.IndexFunc(cfg.Fronts, func(c engine.FrontConfig) bool { return c.ID == to }); i >= 0 {
		switch c := &cfg.Fronts[i]; {
		case c.Kind == engine.FrontBucket && len(key) > 1024:
			return &engine.Refusal{Code: "KeyTooLongError", Message: "Your key is too long", Right: "1 to 1,024 bytes"}
		case c.Kind == engine.FrontBucket && key == "":
			return &engine.Refusal{Message: "the key of an object is empty", Right: "1 to 1,024 bytes"}
		case c.Kind == engine.FrontTopic && c.FIFO && !validID(key):
			return &engine.Refusal{Code: "InvalidParameter", Message: "Invalid parameter: MessageGroupId Reason: The MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.", Right: rightID}
		}
		return nil // the others have none
	}
	return idRefusal("MessageGroupId", key)
}

func itemKeyRefusal(name, key string) *engine.Refusal {
	switch {
	case key == "":
		return &engine.Refusal{Code: "ValidationException", Message: "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: " + name, Right: "1 to 2,048 bytes"}
	case len(key) > 2048: // AWS's own words have no blank before the number
		return &engine.Refusal{Code: "ValidationException", Message: "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes", Right: "1 to 2,048 bytes"}
	}
	return nil
}

func partitionKeyRefusal(key string) *engine.Refusal {
	limit := ""
	switch n := utf8.RuneCountInString(key); {
	case n < 1:
		limit = "greater than or equal to 1"
	case n > 256:
		limit = "less than or equal to 256"
	default:
		return nil
	}
	return &engine.Refusal{Code: "ValidationException", Message: "1 validation error detected: Value " + said(key) + " at 'partitionKey' failed to satisfy constraint: Member must have length " + limit, Right: "1 to 256 characters"}
}

// idRefusal is about an id of a message: of its group, or the one that tells it from others.
func idRefusal(parameter, id string) *engine.Refusal {
	if validID(id) {
		return nil
	}
	return &engine.Refusal{Code: "InvalidParameterValue", Message: "Value " + said(id) + " for parameter " + parameter + " is invalid. Reason: " + parameter + " can only include alphanumeric and punctuation characters. 1 to 128 in length.", Right: rightID}
}

const rightID = "1 to 128 characters: letters, digits and punctuation of ASCII"

func validID(id string) bool {
	return len(id) >= 1 && len(id) <= 128 && !strings.ContainsFunc(id, func(c rune) bool { return c <= ' ' || c > '~' })
}

// said is a text in an error, cut where it is long.
func said(s string) string { return (&template.Value{Kind: template.Scalar, Text: s}).String() }
