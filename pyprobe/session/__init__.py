"""The front ends' side without any toolkit: launch, commands, histories, recording."""
