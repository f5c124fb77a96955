import { Link } from '@tanstack/react-router'
import classes from './item-link.module.css'

/** To the page of an item, by its name. `heading`: it names its row, and looks like a link under the pointer only. */
export const ItemLink = ({
  item,
  heading = false,
}: {
  readonly item: { readonly id: string; readonly name: string }
  readonly heading?: boolean
}) => (
  <Link to="/items/$id" params={{ id: item.id }} className={classes[heading ? 'heading' : 'link'] ?? ''}>
    {item.name}
  </Link>
)
